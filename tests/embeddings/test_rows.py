from __future__ import annotations

import numba
import numpy as np
import pytest

from mt2st.embeddings.kernels import rows
from mt2st.embeddings.lanes import LANES

WIDTHS = [LANES, 3 * LANES, 7 * LANES]
SHARE = np.float32(0.3)


@numba.njit
def operate(name, a, b, c, d, e, factor, width):
    if name == 0:
        rows.copy_twice((a, b, c), width)
    elif name == 1:
        rows.add((a, b, c), width)
    elif name == 2:
        rows.sum_rows(a, b, c, factor, e, width)
    elif name == 3:
        rows.subtract((a, b), width)
    elif name == 4:
        rows.add_change((a, b, c), width)
    elif name == 5:
        rows.window_mean((a, b, c, d, e), factor, width)
    elif name == 6:
        rows.spread((a, b, c, d), width)
    elif name == 7:
        rows.gather_change((a, b, c), width)
    elif name == 8:
        rows.prefetch(a, width)
    elif name == 9:
        rows.merge((a, b, c), width)
    elif name == 10:
        rows.clear((a,), width)


# What each operation makes of five rows.
EXPECTED = {
    0: lambda a, b, c, d, e: (a, a, a, d, e),
    1: lambda a, b, c, d, e: (a, b, a + b, d, e),
    3: lambda a, b, c, d, e: (a - b, b, c, d, e),
    4: lambda a, b, c, d, e: (a + (b - c), b, c, d, e),
    5: lambda a, b, c, d, e: (a, b, c, d, SHARE * ((b - a) + (d - c))),
    6: lambda a, b, c, d, e: (a, b + a, c - a, a, e),
    7: lambda a, b, c, d, e: (a + b, 0 * b, a + b - c, d, e),
    8: lambda *unchanged: unchanged,
    9: lambda a, b, c, d, e: (a + (b - c),) * 3 + (d, e),
    10: lambda a, b, c, d, e: (0 * a, b, c, d, e),
}


def test_the_address_of_an_array_is_where_its_values_begin():
    found = numba.njit(lambda array: rows.address(array))
    for array in (np.zeros((3, 5), np.float32), np.arange(7)[2:]):
        assert found(array) == array.ctypes.data


def run(operation, memory, places, width):
    """Do an operation on the rows of a matrix, from their second column on."""
    addresses = [memory.ctypes.data + row * memory.strides[0] + 4 for row in places]
    operate(operation, *addresses, SHARE, 4 * width)


@pytest.mark.parametrize("operation", EXPECTED)
@pytest.mark.parametrize("width", WIDTHS)
def test_operations_on_rows(operation, width):
    memory = np.random.default_rng(width).normal(size=(5, width + 3)).astype(np.float32)
    before = memory.copy()
    run(operation, memory, range(5), width)
    expected = EXPECTED[operation](*before[:, 1:-2])
    np.testing.assert_allclose(memory[:, 1:-2], expected, rtol=1e-6, atol=5e-7)
    np.testing.assert_array_equal(memory[:, [0, -2, -1]], before[:, [0, -2, -1]])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("numbers", [[4], [1, 3], [2, 2, 0, 5, 2], list(range(6)) * 5])
def test_sums_of_rows(width, numbers):
    random = np.random.default_rng(width)
    table, out = random.normal(size=(6, width)).astype(np.float32), np.zeros(width + 1, np.float32)
    list_of_rows = np.array(numbers, np.int32)
    addresses = [place.ctypes.data for place in (table, list_of_rows, out)]
    operate(2, *addresses[:2], len(numbers), 0, addresses[2], SHARE, 4 * width)
    np.testing.assert_allclose(out[:-1], SHARE * table[numbers].sum(0), rtol=1e-5, atol=1e-5)
    assert out[-1] == 0


def test_a_sum_may_replace_one_of_its_parts():
    memory = np.arange(5 * (LANES + 3), dtype=np.float32).reshape(5, -1)
    before = memory.copy()
    run(1, memory, [0, 1, 0, 3, 4], LANES)
    np.testing.assert_array_equal(memory[0, 1:-2], before[0, 1:-2] + before[1, 1:-2])
    run(1, memory, [2, 2, 3, 3, 4], LANES)
    np.testing.assert_array_equal(memory[3, 1:-2], 2 * before[2, 1:-2])


def test_lines_that_meet_in_a_window_are_each_moved():
    # A window of one word: here is low, or behind is high.
    memory = np.random.default_rng(0).normal(size=(5, LANES + 3)).astype(np.float32)
    before = memory.copy()
    run(5, memory, [0, 0, 1, 2, 3], LANES)
    np.testing.assert_allclose(memory[3, 1:-2], SHARE * (before[2] - before[1])[1:-2], rtol=1e-5)
    run(5, memory, [0, 1, 2, 2, 4], LANES)
    np.testing.assert_allclose(memory[4, 1:-2], SHARE * (before[1] - before[0])[1:-2], rtol=1e-5)
