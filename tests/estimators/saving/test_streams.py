"""Numbers come back from their streams, and small ones take little."""

from __future__ import annotations

import lzma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mt2st.errors import DataError
from mt2st.estimators.saving.streams import FILTERS, pack_integers, unpack_integers

SIZES = arrays(
    np.int64, array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=20), elements=st.integers(-(2**32), 2**32)
)


@given(SIZES)
def test_numbers_come_back(numbers):
    found = unpack_integers(pack_integers(numbers), numbers.shape)
    assert found.shape == numbers.shape and found.dtype == np.int64
    np.testing.assert_array_equal(found, numbers)


def test_bytes_are_those_of_the_docstring():
    data = lzma.decompress(
        pack_integers(np.array([[0, 300], [-1, 5], [0, -7]])).tobytes(), lzma.FORMAT_RAW, filters=FILTERS
    )
    # 0, 1, 0 and 600, 10, 13: the lowest bytes of both columns, then the next ones.
    assert list(data) == [0, 1, 0, 600 % 256, 10, 13, 0, 0, 0, 600 // 256, 0, 0]


def test_they_take_little_more_than_their_entropy():
    random = np.random.default_rng(0)
    numbers = random.choice([-1, 0, 1, 2], 40_000, p=[0.1, 0.7, 0.15, 0.05])
    bits = -(np.array([0.1, 0.7, 0.15, 0.05]) * np.log2([0.1, 0.7, 0.15, 0.05])).sum()
    assert 40_000 * bits / 8 < len(pack_integers(numbers)) < 1.3 * 40_000 * bits / 8


def test_a_stream_of_other_numbers_is_told():
    stream = pack_integers(np.arange(7))
    for shape in ((4,), (3, 2), (100,)):
        with pytest.raises(DataError, match="7 bytes for numbers of shape"):
            unpack_integers(stream, shape)
    with pytest.raises(lzma.LZMAError):
        unpack_integers(stream[:-3], (7,))
