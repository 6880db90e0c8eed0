from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings.formats.rows import CHECKED_AT_ONCE, first_not_finite


@pytest.mark.parametrize("bad", [0, CHECKED_AT_ONCE - 1, CHECKED_AT_ONCE, 2 * CHECKED_AT_ONCE + 3])
@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_the_first_row_that_is_not_finite_is_found_in_any_block(bad, value):
    values = np.zeros((2 * CHECKED_AT_ONCE + 9, 2), np.float32)
    assert first_not_finite(values) == -1
    values[[bad, -1], 1] = value
    assert first_not_finite(values) == bad
