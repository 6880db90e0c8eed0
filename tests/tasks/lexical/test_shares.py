from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.shares import alignment_shares  # noqa: E402


def test_by_hand():
    # exp(0.2 / 0.1) = e^2, e^1 and, for none, e^0.
    scores, correct = torch.tensor([[0.2, 0.1]]), torch.tensor([[False, True]])
    whole = np.e**2 + np.e + 1
    found = [float(share) for share in alignment_shares(scores, correct, 0.1, threshold=0.0)]
    assert found == pytest.approx([np.e / whole, np.e**2 / whole, 1 / whole], rel=1e-5)


def test_shares_count_words_as_the_temperature_goes_to_0():
    scores = torch.tensor([[0.5, 0.4, 0.1], [0.5, 0.6, 0.1], [-0.5, -0.2, 0.1]])
    correct = torch.tensor([[True, False, True]]).expand(3, 3)
    counts = [int(share.round().sum()) for share in alignment_shares(scores, correct, 1e-3, threshold=0.2)]
    assert counts == [1, 1, 1]


def test_without_a_threshold_nothing_is_left_over():
    aligned, misaligned, none = alignment_shares(torch.randn(4, 6), torch.rand(4, 6) < 0.3, 0.1)
    np.testing.assert_allclose(aligned + misaligned, 1, atol=1e-6)
    assert not none.any()


def test_a_mask_that_does_not_fit_is_named():
    with pytest.raises(ConfigError, match=r"correct must have the shape .*, \(2, 2\) found"):
        alignment_shares(torch.zeros(2, 3), torch.zeros(2, 2, dtype=torch.bool), 0.1)
