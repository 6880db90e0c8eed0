"""Pairs of adjacent words: their keys, and looking them up in an open-addressing hash table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.pickled import PickledAsMade
from mt2st.text.ragged import Ragged

# The key of an empty slot; no pair has it, as word numbers are below 2**31.
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
# The number placed before each text, so that its first word is in a pair too; no word has this number.
FIRST = np.iinfo(np.int32).max
# For how many keys the table in which they are counted has room at first.
FEW = 1000


def join_keys(left: NDArray[np.integer[Any]], right: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """Return the keys of pairs, ``left << 32 | right``."""
    return (left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64)


def split_keys(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the left and the right words of pairs.

    Examples
    --------
    >>> split_keys(join_keys(np.array([FIRST, 1]), np.array([1, 2])))
    (array([2147483647,          1]), array([1, 2]))
    """
    return (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def pair_keys(ids: Ragged) -> NDArray[np.uint64]:
    """Return the key of every pair of known words; each text starts with `FIRST`.

    Examples
    --------
    >>> split_keys(pair_keys(Ragged.from_lists([[1, 2, -1, 1], [2]])))
    (array([2147483647,          1, 2147483647]), array([1, 2, 2]))
    """
    from mt2st.models.columns.kernels import list_pairs  # compiles, or loads, kernels

    keys = np.empty(len(ids.ids), np.uint64)
    return keys[: list_pairs(ids.ids, ids.offsets, FIRST, keys)]


def frequent_keys(keys: NDArray[np.uint64], least: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the keys that occur at least ``least`` times, ascending, and their counts.

    Most pairs of a large text are rare. A sketch, an array of counts that different keys share, is an upper bound of
    their counts; keys for which that is high enough are counted in a hash table.

    Examples
    --------
    >>> frequent_keys(np.array([7, 5, 7, 6, 5], np.uint64), 2)
    (array([5, 7], dtype=uint64), array([2, 2]))
    """
    from mt2st.models.columns.kernels import count_keys, sketch_keys  # compiles, or loads, kernels

    sketch = np.zeros(1 << (len(keys) // 4).bit_length(), np.int32)
    sketch_keys(keys, sketch)
    slots, counts = count_keys(keys, sketch, least, *empty_table(FEW))
    used = np.flatnonzero((slots != EMPTY) & (counts >= least))
    used = used[np.argsort(slots[used])]
    return slots[used], counts[used].astype(np.int64)


def empty_table(number: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return an open-addressing hash table for ``number`` keys: its slots, all empty, and their values."""
    slots = 1 << max(int(2 * number).bit_length(), 1)
    return np.full(slots, EMPTY), np.zeros(slots, np.int32)


class Pairs(PickledAsMade):
    """The columns of pairs.

    Parameters
    ----------
    keys
        Distinct keys; pair p is column ``words + p``.
    words
        The number of columns before those of pairs: one per word.

    Examples
    --------
    >>> pairs = Pairs(pair_keys(Ragged.from_lists([[1, 2]])), words=3)
    >>> pairs.columns(Ragged.from_lists([[1, 2, 1], []])).row(0)
    array([1, 2, 1, 3, 4], dtype=int32)
    """

    def __init__(self, keys: NDArray[np.uint64], words: int) -> None:
        self.keys, self.words = np.ascontiguousarray(keys, np.uint64), words

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def _table(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        from mt2st.models.columns.kernels import fill_pairs  # compiles, or loads, kernels

        slots, places = empty_table(len(self.keys))
        fill_pairs(self.keys, slots, places)
        return slots, places

    def columns(self, ids: Ragged) -> Ragged:
        """Return each text's known words, then its known pairs."""
        from mt2st.models.columns.kernels import add_pairs

        out, offsets = np.empty(2 * len(ids.ids), np.int32), np.empty(len(ids) + 1, np.int64)
        end = add_pairs(ids.ids, ids.offsets, FIRST, *self._table, self.words, out, offsets)
        return Ragged(out[:end].copy(), offsets)
