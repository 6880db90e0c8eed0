"""Kernels that look up pairs, count columns and compute their weights."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, uint64, void
from numpy.typing import NDArray

from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.models.columns.pairs import EMPTY
from mt2st.native import Floats, Numbers, Places, kernel, read_only

Keys = NDArray[np.uint64]
# Knuth's multiplier, 2**64 divided by the golden ratio.
SPREAD, HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
# How many keys before it is counted a key is asked of memory.
AHEAD = 16


@kernel(int64(uint64, int64), inner=True)
def slot_of(key: np.uint64, slots: int) -> int:
    """Return the slot of a key in a table with so many slots, a power of two."""
    return int(((key * SPREAD) >> HALF) & np.uint64(slots - 1))


@kernel(void(uint64, read_only(uint64), read_only(int32)), inner=True)
def expect_key(key: np.uint64, keys: Keys, values: Numbers) -> None:
    """Start loading what `find_key` will read first."""
    slot = slot_of(key, keys.shape[0])
    prefetch(address(keys) + 8 * slot, 8)
    prefetch(address(values) + 4 * slot, 4)


@kernel(int64(uint64, read_only(uint64)), inner=True)
def place_of(key: np.uint64, keys: Keys) -> int:
    """Return the slot of an open-addressing hash table that has the key, or the empty one where it belongs."""
    slot = slot_of(key, keys.shape[0])
    while keys[slot] != key and keys[slot] != EMPTY:
        slot = (slot + 1) & (keys.shape[0] - 1)
    return slot


@kernel(int64(uint64, read_only(uint64), read_only(int32)), inner=True)
def find_key(key: np.uint64, keys: Keys, values: Numbers) -> int:
    """Return the value of a key in an open-addressing hash table; -1 if it is not there."""
    slot = place_of(key, keys)
    return values[slot] if keys[slot] == key else -1


@kernel(int64(uint64, int64, uint64[::1], int32[::1]), inner=True)
def keep_key(key: np.uint64, value: int, keys: Keys, values: Numbers) -> int:
    """Return the value of a key; if it is not in the table, insert it with the given value."""
    slot = place_of(key, keys)
    if keys[slot] != key:
        keys[slot], values[slot] = key, value
    return values[slot]


@kernel("Tuple((uint64[::1], int32[::1]))(uint64[::1], int32[::1])", inner=True)
def doubled(keys: Keys, values: Numbers) -> tuple[Keys, Numbers]:
    """Return a table of the same keys with twice as many slots."""
    more, own = np.full(2 * keys.shape[0], EMPTY, np.uint64), np.empty(2 * keys.shape[0], np.int32)
    for slot in range(keys.shape[0]):
        if keys[slot] != EMPTY:
            keep_key(keys[slot], values[slot], more, own)
    return more, own


@kernel(void(read_only(uint64), int32[::1]))
def sketch_keys(keys: Keys, sketch: Numbers) -> None:
    """Add 1 to the slot of each key, which then has at least the number of the key's occurrences."""
    for i in range(keys.shape[0]):
        ahead = keys[min(i + AHEAD, keys.shape[0] - 1)]
        prefetch(address(sketch) + 4 * slot_of(ahead, sketch.shape[0]), 4)
        sketch[slot_of(keys[i], sketch.shape[0])] += 1


@kernel("Tuple((uint64[::1], int32[::1]))(uint64[::1], int32[::1], int64, uint64[::1], int32[::1])")
def count_keys(keys: Keys, sketch: Numbers, least: int, slots: Keys, counts: Numbers) -> tuple[Keys, Numbers]:
    """Return an open-addressing hash table, grown from an empty one, of the keys' counts.

    Keys whose slot of ``sketch`` has less than ``least`` are left out.
    """
    found = 0
    for i in range(keys.shape[0]):
        ahead = keys[min(i + AHEAD, keys.shape[0] - 1)]
        prefetch(address(sketch) + 4 * slot_of(ahead, sketch.shape[0]), 4)
        expect_key(ahead, slots, counts)
        key = keys[i]
        if sketch[slot_of(key, sketch.shape[0])] < least:
            continue
        slot = place_of(key, slots)
        if slots[slot] == key:
            counts[slot] += 1
            continue
        slots[slot], counts[slot], found = key, 1, found + 1
        if 2 * found > slots.shape[0]:
            slots, counts = doubled(slots, counts)
    return slots, counts


@kernel(void(read_only(uint64), uint64[::1], int32[::1]))
def fill_pairs(keys: Keys, slots: Keys, places: Numbers) -> None:
    """Insert pair p with the key ``keys[p]`` into an open-addressing hash table with at least twice as many slots."""
    for place in range(keys.shape[0]):
        keep_key(keys[place], place, slots, places)


@kernel(uint64(int64, int64), inner=True)
def pair_key(left: int, right: int) -> np.uint64:
    """Return the key of a pair, ``left << 32 | right``."""
    return (np.uint64(left) << HALF) | np.uint64(right)


@kernel(int64(read_only(int32), read_only(int64), int32, uint64[::1]))
def list_pairs(ids: Numbers, offsets: Places, first: int, keys: Keys) -> int:
    """Write the key of every pair of known words of each text, which starts with ``first``; return their number."""
    end = 0
    for text in range(offsets.shape[0] - 1):
        before = first
        for i in range(offsets[text], offsets[text + 1]):
            after = ids[i]
            if before >= 0 and after >= 0:
                keys[end] = pair_key(before, after)
                end += 1
            before = after
    return end


@kernel(
    int64(
        *(read_only(int32), read_only(int64), int32, read_only(uint64), read_only(int32), int32),
        *(int32[::1], int64[::1]),
    )
)
def add_pairs(
    ids: Numbers,
    offsets: Places,
    first: int,
    slots: Keys,
    places: Numbers,
    words: int,
    out: Numbers,
    out_offsets: Places,
) -> int:
    """Write each text's known words and then its known pairs; return the number of entries.

    Parameters
    ----------
    ids, offsets
        Texts as word numbers, -1 for an unknown word, which is in no pair.
    first
        The word number placed before each text.
    slots, places
        The table of pairs, see `fill_pairs`.
    words
        Pair p is column ``words + p``.
    out, out_offsets
        Written; twice as many entries as ``ids`` are enough.
    """
    end = 0
    for text in range(offsets.shape[0] - 1):
        out_offsets[text] = end
        for i in range(offsets[text], offsets[text + 1]):
            if ids[i] >= 0:
                out[end] = ids[i]
                end += 1
        before = first
        for i in range(offsets[text], offsets[text + 1]):
            ahead = min(i + AHEAD, ids.shape[0] - 1)
            expect_key(pair_key(ids[max(ahead - 1, 0)], ids[ahead]), slots, places)
            after = ids[i]
            if before >= 0 and after >= 0:
                pair = find_key(pair_key(before, after), slots, places)
                if pair >= 0:
                    out[end] = words + pair
                    end += 1
            before = after
    out_offsets[offsets.shape[0] - 1] = end
    return end


@kernel(void(read_only(int32), read_only(int64), int32[::1], int64[::1]))
def count_texts(columns: Numbers, offsets: Places, last: Numbers, counts: Places) -> None:
    """Add to ``counts`` the number of texts that have each column; ``last`` must be -1 for each."""
    for text in range(offsets.shape[0] - 1):
        for i in range(offsets[text], offsets[text + 1]):
            column = columns[i]
            counts[column] += np.int64(last[column] != text)
            last[column] = text


@kernel(void(read_only(int64), read_only(int64), read_only(int32), read_only(int64), int32[::1], int64[::1]))
def count_texts_of_parts(
    words: Places, offsets: Places, parts: Numbers, part_offsets: Places, last: Numbers, counts: Places
) -> None:
    """Do as `count_texts` for texts whose columns are those of their words, ``parts[part_offsets[w]:...]``."""
    for text in range(offsets.shape[0] - 1):
        for i in range(offsets[text], offsets[text + 1]):
            for j in range(part_offsets[words[i]], part_offsets[words[i] + 1]):
                column = parts[j]
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
    """Write each text's distinct columns with ``(1 + log(count)) * idf`` scaled to length 1; return their number.

    ``counts`` must be zeros, one per column, and is so again afterwards. A text of zeros stays so.
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
            values[i] = idf[out[i]]
            if counts[out[i]] > 1:
                values[i] *= np.float32(1) + np.log(np.float32(counts[out[i]]))
            total += values[i] * values[i]
            counts[out[i]] = 0
        if total > 0:
            scale = np.float32(1) / np.sqrt(total)
            for i in range(start, end):
                values[i] *= scale
    out_offsets[offsets.shape[0] - 1] = end
    return end
