from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.embeddings import new_table
from mt2st.models import NativeShared


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(st.integers(0, 39), st.integers(0, 5), st.integers(0, 31))
def test_a_trace_sees_every_bit_of_the_table(row, column, bit):
    shared = NativeShared(new_table(40, 6, seed=1))
    before = shared.trace()
    assert same(before, shared.trace())
    shared.table.view(np.uint32)[row, column] ^= np.uint32(1 << bit)
    assert not same(before, shared.trace())
    shared.table.view(np.uint32)[row, column] ^= np.uint32(1 << bit)
    assert same(before, shared.trace())


def test_a_trace_sees_two_changes_that_cancel_in_one_digest():
    shared = NativeShared(np.zeros((3, 2), np.float32))
    bits = shared.table.view(np.uint32)
    bits[:, 0] = [3, 5, 0]
    before = shared.trace()
    # The same bit twice leaves the exclusive or, one up and one down leaves the sum; neither leaves both.
    bits[:, 0] = [3 ^ 8, 5 ^ 8, 0]
    assert not same(before, shared.trace())
    bits[:, 0] = [3 + 1, 5 - 1, 0]
    assert not same(before, shared.trace())


def test_a_trace_sees_nan_and_the_sign_of_zero():
    shared = NativeShared(np.zeros((2, 2), np.float32))
    traces = [shared.trace()]
    for value in (-0.0, np.nan):
        shared.table[1, 0] = value
        traces.append(shared.trace())
    assert not same(traces[0], traces[1]) and not same(traces[1], traces[2])
    assert same(traces[2], shared.trace())


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_native_steps_begin_and_finish_without_a_change(rate):
    table = new_table(5, 3, seed=1)
    shared, before = NativeShared(table), table.copy()
    shared.begin_step(2**64 - 1)
    shared.finish_step(rate)
    np.testing.assert_array_equal(table, before)


def test_arrays_are_live():
    table = new_table(5, 3, seed=1)
    arrays = NativeShared(table).arrays()
    assert list(arrays) == ["table"]
    arrays["table"][...] = 4
    assert (table == 4).all()
