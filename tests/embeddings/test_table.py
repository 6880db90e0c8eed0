from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy import stats

from mt2st.embeddings import aligned_zeros, new_table
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import DRAWN_AT_ONCE, padded, whole_rows, zero_table
from mt2st.errors import ConfigError


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (1000, 7), (5, 16)])
def test_tables_start_on_a_cache_line(shape):
    for table in (aligned_zeros(*shape), zero_table(*shape), new_table(*shape, seed=1)):
        assert table.shape == shape
        assert table.dtype == np.float32
        assert table.ctypes.data % 64 == 0 and table.flags.writeable
    assert aligned_zeros(*shape).flags.c_contiguous


@pytest.mark.parametrize("make", [aligned_zeros, zero_table])
def test_zeros_are_zeros_and_tables_do_not_overlap(make):
    first, second = make(5, 3), make(5, 3)
    assert not first.any()
    first[:] = 7
    assert not second.any()


@pytest.mark.parametrize("size", [1, LANES - 1, LANES, LANES + 1, 50, 300])
def test_rows_are_whole_registers(size):
    assert size <= padded(size) < size + LANES and padded(size) % LANES == 0
    assert new_table(3, size, seed=1).strides == (4 * padded(size), 4)


def test_the_seed_alone_decides_the_table():
    np.testing.assert_array_equal(new_table(40, 9, seed=2**64 - 1), new_table(40, 9, seed=2**64 - 1))
    assert not np.array_equal(new_table(40, 9, seed=1), new_table(40, 9, seed=2))


def test_a_table_that_is_drawn_by_parts_takes_its_own_memory():
    rows, size = 5 * DRAWN_AT_ONCE + 1, 15
    tracemalloc.start()
    table = new_table(rows, size, seed=5, scale=2.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < rows * padded(size) * 4 + 2 * DRAWN_AT_ONCE * size * 4 + 50_000
    drawn = np.random.Generator(np.random.Philox(key=5)).random((rows, size), dtype=np.float32)
    np.testing.assert_array_equal(table, (drawn - np.float32(0.5)) * np.float32(2 / size))


@pytest.mark.parametrize(("scale", "bound"), [(1.0, 0.01), (0.5, 0.005), (10.0, 0.1)])
def test_values_are_even_within_their_bounds(scale, bound):
    values = new_table(400, 50, seed=3, scale=scale).ravel().astype(np.float64)
    assert abs(values).max() <= bound
    assert stats.kstest(values, stats.uniform(-bound, 2 * bound).cdf).pvalue > 0.01


@pytest.mark.parametrize("rows", [0, 1, 2, 7])
@pytest.mark.parametrize("size", [1, LANES - 1, LANES, LANES + 3])
def test_whole_rows_are_the_same_memory(rows, size):
    table = new_table(rows, size, seed=1)
    whole = whole_rows(table)
    assert whole.shape == (rows, padded(size)) and whole.flags.c_contiguous
    np.testing.assert_array_equal(whole[:, :size], table)
    assert not whole[:, size:].any()
    whole[:, 0] = 9
    assert (table[:, 0] == 9).all()
    assert whole.ctypes.data == table.ctypes.data


@pytest.mark.parametrize("first, last", [(0, 3), (2, 5), (4, 5), (0, 1)])
def test_some_rows_of_a_table_are_a_table(first, last):
    part = new_table(5, LANES + 3, seed=1)[first:last]
    np.testing.assert_array_equal(whole_rows(part)[:, : LANES + 3], part)


def test_an_array_of_whole_registers_is_a_table():
    for rows in (1, 4):
        assert whole_rows(np.ones((rows, 2 * LANES), np.float32)).shape == (rows, 2 * LANES)


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_wider_array_is_a_table_only_where_its_other_columns_are_zero(rows):
    wide = np.zeros((rows, 3 * LANES), np.float32)
    part = wide[:, : LANES + 1]
    part[:] = 1
    step = 2 if rows == 1 else 3
    assert whole_rows(part).shape == (rows, step * LANES)
    for place in [(0, LANES + 1), (rows - 1, step * LANES - 1)]:
        wide[place] = 1e-30
        with pytest.raises(ConfigError, match="part of a wider array"):
            whole_rows(part)
        wide[place] = np.nan
        with pytest.raises(ConfigError, match="part of a wider array"):
            whole_rows(part)
        wide[place] = 0
    # Its last columns: the last row goes on behind the array.
    with pytest.raises(ConfigError, match="last row is not filled up"):
        whole_rows(wide[:, LANES + 1 :])


REFUSED = {
    "columns of no whole registers": lambda: np.zeros((3, LANES + 1), np.float32),
    "float64": lambda: np.zeros((3, LANES)),
    "int32": lambda: np.zeros((3, LANES), np.int32),
    "the other byte order": lambda: np.zeros((3, LANES), np.dtype(np.float32).newbyteorder()),
    "columns first": lambda: np.zeros((LANES, LANES), np.float32, order="F"),
    "every second column": lambda: np.zeros((3, 2 * LANES), np.float32)[:, ::2],
    "rows backwards": lambda: np.zeros((3, LANES), np.float32)[::-1],
    "columns backwards": lambda: np.zeros((3, LANES), np.float32)[:, ::-1],
    "one row repeated": lambda: np.broadcast_to(np.zeros(LANES, np.float32), (3, LANES)),
    "rows that overlap": lambda: np.lib.stride_tricks.sliding_window_view(np.zeros(9 * LANES, np.float32), 2 * LANES)[
        ::LANES
    ],
}


@pytest.mark.parametrize("what", REFUSED)
def test_other_arrays_are_refused(what):
    with pytest.raises(ConfigError, match="make it with new_table"):
        whole_rows(REFUSED[what]())


@pytest.mark.parametrize("rows", [1, 3])
def test_a_last_row_that_ends_with_its_memory_is_refused(rows):
    memory = np.zeros(rows * 2 * LANES - 1, np.float32)
    short = np.lib.stride_tricks.as_strided(memory, (rows, LANES + 1), (8 * LANES, 4))
    with pytest.raises(ConfigError, match="last row is not filled up"):
        whole_rows(short)


def test_a_single_row_of_an_unpadded_array_is_refused():
    with pytest.raises(ConfigError, match="last row is not filled up"):
        whole_rows(np.zeros((1, LANES + 1), np.float32))
