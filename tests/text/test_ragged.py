import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import Ragged


@given(st.lists(st.lists(st.integers(-5, 2**31 - 1))))
def test_rows_come_back(rows):
    ragged = Ragged.from_lists(rows)
    assert len(ragged) == len(rows)
    assert [ragged.row(i).tolist() for i in range(len(rows))] == rows
    assert ragged.lengths.tolist() == [len(row) for row in rows]
    assert (ragged.ids.dtype, ragged.offsets.dtype) == (np.int32, np.int64)


def test_arrays_and_generators_will_do():
    ragged = Ragged.from_lists(np.arange(n, dtype=np.int32) for n in (2, 0, 1))
    assert ragged.ids.tolist() == [0, 1, 0]
    assert ragged.offsets.tolist() == [0, 2, 2, 3]


def test_rows_are_views_counted_like_a_list():
    ragged = Ragged.from_lists([[1], [2, 3]])
    assert np.shares_memory(ragged.row(1), ragged.ids)
    assert ragged.row(-1).tolist() == [2, 3]
    for i in (2, -3):
        with pytest.raises(IndexError):
            ragged.row(i)


@pytest.mark.parametrize("rows", [[[1.5]], [[2**31]], [[-(2**40)]], [["a"]], [[1], [0.5]]])
def test_ids_that_do_not_fit_are_refused(rows):
    with pytest.raises(DataError, match="ids must be whole numbers within 2147483647"):
        Ragged.from_lists(rows)


@pytest.mark.parametrize("offsets", [[], [0], [1, 3], [0, 2], [0, 4], [0, 2, 1, 3]])
def test_offsets_that_do_not_cut_the_ids_are_refused(offsets):
    with pytest.raises(DataError, match="offsets must rise from 0 to the 3 ids"):
        Ragged(np.zeros(3, dtype=np.int32), np.array(offsets, dtype=np.int64))


def test_other_types_are_refused():
    for ids, offsets in [(np.zeros(1), np.array([0, 1])), (np.zeros((1, 1), np.int32), np.array([0, 1]))]:
        with pytest.raises(DataError, match="flat int32 ids and int64 offsets"):
            Ragged(ids, offsets)


def test_size_of_some_rows():
    rows = Ragged.from_lists([[4, 7], [], [1], [2, 3, 4]])
    assert rows.size_of(np.array([3, 0, 0])) == 7
    assert rows.size_of(np.array([], np.int64)) == 0


@pytest.mark.parametrize("ids", [[0, 5], [-1, 2]])
def test_ids_beyond_a_table_are_refused(ids):
    rows = Ragged.from_lists([ids])
    rows_within = Ragged.from_lists([[0, 4]])
    rows_within.check_below(5, "film")
    with pytest.raises(DataError, match="film: ids must lie in 0 to 4"):
        rows.check_below(5, "film")


def test_some_rows_in_any_order():
    rows = Ragged.from_lists([[4, 7], [], [1]]).select(np.array([2, 0, 0, 1]))
    assert [rows.row(i).tolist() for i in range(4)] == [[1], [4, 7], [4, 7], []]
