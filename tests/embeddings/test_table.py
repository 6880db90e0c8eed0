from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mt2st.embeddings import aligned_zeros, new_table


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (1000, 7), (5, 16)])
def test_tables_start_on_a_cache_line(shape):
    for table in (aligned_zeros(*shape), new_table(*shape, seed=1)):
        assert table.shape == shape
        assert table.dtype == np.float32
        assert table.ctypes.data % 64 == 0
        assert table.flags.c_contiguous and table.flags.writeable


def test_zeros_are_zeros_and_tables_do_not_overlap():
    first, second = aligned_zeros(5, 3), aligned_zeros(5, 3)
    first[:] = 7
    assert not second.any()


def test_the_seed_alone_decides_the_table():
    np.testing.assert_array_equal(new_table(40, 9, seed=2**64 - 1), new_table(40, 9, seed=2**64 - 1))
    assert not np.array_equal(new_table(40, 9, seed=1), new_table(40, 9, seed=2))


@pytest.mark.parametrize(("scale", "bound"), [(1.0, 0.01), (0.5, 0.005), (10.0, 0.1)])
def test_values_are_even_within_their_bounds(scale, bound):
    values = new_table(400, 50, seed=3, scale=scale).ravel().astype(np.float64)
    assert abs(values).max() <= bound
    assert stats.kstest(values, stats.uniform(-bound, 2 * bound).cdf).pvalue > 0.01
