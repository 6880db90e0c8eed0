"""Pairs looked up, and columns counted and weighed, without a Python object for any of them."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, uint64, void
from numpy.typing import NDArray

from mt2st.native import Floats, Numbers, Places, kernel, read_only

Keys = NDArray[np.uint64]
# A slot of the table of pairs without a pair; no pair has this key, as numbers of words are below 2**31.
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
# Knuth's multiplier, 2**64 divided by the golden ratio.
SPREAD = np.uint64(0x9E3779B97F4A7C15)


@kernel(void(read_only(uint64), uint64[::1], int32[::1], uint64))
def fill_pairs(keys: Keys, slots: Keys, places: Numbers, shift: np.uint64) -> None:
    """Put pair p, of the key ``keys[p]``, into a table of open addresses with twice as many slots or more."""
    mask = np.uint64(slots.shape[0] - 1)
    for place in range(keys.shape[0]):
        slot = (keys[place] * SPREAD) >> shift
        while slots[slot] != EMPTY:
            slot = (slot + np.uint64(1)) & mask
        slots[slot], places[slot] = keys[place], place


@kernel(
    int64(
        *(read_only(int32), read_only(int64), int32, read_only(uint64), read_only(int32), uint64, int32),
        *(int32[::1], int64[::1]),
    )
)
def add_pairs(
    ids: Numbers,
    offsets: Places,
    first: int,
    slots: Keys,
    places: Numbers,
    shift: np.uint64,
    words: int,
    out: Numbers,
    out_offsets: Places,
) -> int:
    """Write each text's known words and then its known pairs; return how many entries that is.

    Parameters
    ----------
    ids, offsets
        Texts as numbers of words, -1 for an unknown one, which has no pair.
    first
        What stands before each text, a word's number.
    slots, places, shift
        The table of pairs, see `fill_pairs`.
    words
        Pair p is column ``words + p``.
    out, out_offsets
        Filled; twice as many entries as ``ids`` are enough.
    """
    mask, end = np.uint64(slots.shape[0] - 1), 0
    for text in range(offsets.shape[0] - 1):
        out_offsets[text] = end
        for i in range(offsets[text], offsets[text + 1]):
            if ids[i] >= 0:
                out[end] = ids[i]
                end += 1
        before = first
        for i in range(offsets[text], offsets[text + 1]):
            after = ids[i]
            if before >= 0 and after >= 0:
                key = (np.uint64(before) << np.uint64(32)) | np.uint64(after)
                slot = (key * SPREAD) >> shift
                while slots[slot] != EMPTY and slots[slot] != key:
                    slot = (slot + np.uint64(1)) & mask
                if slots[slot] == key:
                    out[end] = words + places[slot]
                    end += 1
            before = after
    out_offsets[offsets.shape[0] - 1] = end
    return end


@kernel(void(read_only(int32), read_only(int64), int32[::1], int64[::1]))
def count_texts(columns: Numbers, offsets: Places, last: Numbers, counts: Places) -> None:
    """Add to ``counts`` in how many texts each column stands; ``last`` holds -1 for each."""
    for text in range(offsets.shape[0] - 1):
        for i in range(offsets[text], offsets[text + 1]):
            column = columns[i]
            counts[column] += np.int64(last[column] != text)
            last[column] = text


@kernel(int64(read_only(int32), read_only(int64), read_only(float32), int32[::1], int32[::1], float32[::1], int64[::1]))
def weigh_columns(
    columns: Numbers,
    offsets: Places,
    idf: Floats,
    counts: Numbers,
    out: Numbers,
    values: Floats,
    out_offsets: Places,
) -> int:
    """Write each text's columns once, with ``(1 + log(count)) * idf`` scaled to length 1; return how many there are.

    ``counts`` holds zeros, one a column, and does so again afterwards. A text that is all zeros stays so.
    """
    end = 0
    for text in range(offsets.shape[0] - 1):
        out_offsets[text] = start = end
        for i in range(offsets[text], offsets[text + 1]):
            column = columns[i]
            if counts[column] == 0:
                out[end] = column
                end += 1
            counts[column] += 1
        total = np.float32(0)
        for i in range(start, end):
            count = np.float32(counts[out[i]])
            values[i] = (np.float32(1) + np.log(count)) * idf[out[i]]
            total += values[i] * values[i]
            counts[out[i]] = 0
        if total > 0:
            scale = np.float32(1) / np.sqrt(total)
            for i in range(start, end):
                values[i] *= scale
    out_offsets[offsets.shape[0] - 1] = end
    return end
