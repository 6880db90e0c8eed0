"""Character n-grams of words as hashed numbers, in plain loops over UTF-8 bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint64]

OFFSET_BASIS, PRIME = np.uint32(2166136261), np.uint32(16777619)
OPENING, CLOSING = np.uint8(60), np.uint8(62)  # < and >


@kernel("uint32(uint32, uint8)", inline="always")
def add_byte(code: np.uint32, byte: np.uint8) -> np.uint32:
    """Return the FNV-1a hash with one more byte; as in fastText a byte above 127 is negative, so it flips high bits."""
    signed = np.uint32(byte) | np.uint32(0xFFFFFF00) if byte > 127 else np.uint32(byte)
    return np.uint32((code ^ signed) * PRIME)


@kernel("boolean(uint8)", inline="always")
def continues(byte: np.uint8) -> bool:
    """Return whether a byte continues a UTF-8 character."""
    return (byte & 0xC0) == 0x80


@kernel("uint8(uint8[::1], int64, int64, int64)", inline="always")
def marked(text: Bytes, start: int, length: int, at: int) -> np.uint8:
    """Return byte ``at`` of the word with its boundary marks, ``<word>``."""
    if at == 0:
        return OPENING
    return CLOSING if at == length + 1 else text[start + at - 1]


@kernel("int64(uint8[::1], int64, int64, int64, int64)")
def count_ngrams(text: Bytes, start: int, stop: int, min_n: int, max_n: int) -> int:
    """Return the number of n-grams of a word."""
    characters = 2
    for at in range(start, stop):
        characters += not continues(text[at])
    found = 0
    for n in range(max(min_n, 1), min(max_n, characters) + 1):
        found += characters - n + 1 if n > 1 else characters - 2
    return found


@kernel("int64(uint8[::1], int64, int64, int64, int64, int64, uint32, int32[::1], int64)", inline="always")
def write_first(
    text: Bytes, start: int, end: int, first: int, min_n: int, max_n: int, bucket: np.uint32, out: Numbers, place: int
) -> int:
    """Write the buckets of the n-grams that start at byte ``first``; return the end of the list."""
    length, code, at, n = end - 2, OFFSET_BASIS, first, 0
    while at < end and n < max_n:
        code = add_byte(code, marked(text, start, length, at))
        at += 1
        while at < end and continues(marked(text, start, length, at)):
            code = add_byte(code, marked(text, start, length, at))
            at += 1
        n += 1
        if n >= min_n and not (n == 1 and (first == 0 or at == end)):
            out[place] = code % bucket
            place += 1
    return place


@kernel("int64(uint8[::1], int64, int64, int64, int64, uint32, int32[::1], int64)")
def write_ngrams(
    text: Bytes, start: int, stop: int, min_n: int, max_n: int, bucket: np.uint32, out: Numbers, place: int
) -> int:
    """Write a word's buckets from ``place`` on, by first character and then by length; return their end."""
    length = stop - start
    for first in range(length + 2):
        if not continues(marked(text, start, length, first)):
            place = write_first(text, start, length + 2, first, min_n, max_n, bucket, out, place)
    return place


@kernel("int64(uint64)", inline="always")
def count_bits(bits: np.uint64) -> np.int64:
    """Return the number of set bits; compilers recognise this form and emit one instruction."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@kernel("void(uint8[::1], int64[::1], boolean[::1], int64, int64, int64[::1])")
def count_rows(text: Bytes, places: Places, plain: NDArray[np.bool_], min_n: int, max_n: int, offsets: Places) -> None:
    """Write the start of each word's slice, which has its own row and, unless it is ``plain``, its n-grams'."""
    for word in range(places.shape[0] - 1):
        found = 0 if plain[word] else count_ngrams(text, places[word], places[word + 1], min_n, max_n)
        offsets[word + 1] = offsets[word] + 1 + found


@kernel("void(uint8[::1], int64[::1], int64, int64, uint32, int64[::1], int32[::1], uint64[::1])")
def write_rows(
    text: Bytes, places: Places, min_n: int, max_n: int, bucket: np.uint32, offsets: Places, rows: Numbers, used: Bits
) -> None:
    """Write each word's own row and its buckets, and set the bits of the buckets in use."""
    for word in range(places.shape[0] - 1):
        first, end = offsets[word], offsets[word + 1]
        rows[first] = word
        if end > first + 1:
            write_ngrams(text, places[word], places[word + 1], min_n, max_n, bucket, rows, first + 1)
        for i in range(first + 1, end):
            used[rows[i] >> 6] |= np.uint64(1) << np.uint64(rows[i] & 63)


@kernel("int64(uint64[::1], int32[::1])")
def rank_bits(used: Bits, before: Numbers) -> int:
    """Write the number of set bits before each block of 64; return the total."""
    total = 0
    for block in range(used.shape[0]):
        before[block] = total
        total += int(count_bits(used[block]))
    return total


@kernel("void(uint64[::1], int32[::1])")
def list_bits(used: Bits, buckets: Numbers) -> None:
    """Write the indices of the set bits in ascending order."""
    place = 0
    for block in range(used.shape[0]):
        bits, bucket = used[block], block * 64
        while bits:
            if bits & np.uint64(1):
                buckets[place] = bucket
                place += 1
            bits, bucket = bits >> np.uint64(1), bucket + 1


@kernel("void(int64[::1], int32[::1], uint64[::1], int32[::1])")
def number_rows(offsets: Places, rows: Numbers, used: Bits, before: Numbers) -> None:
    """Replace each bucket by its row: words come first, then the used buckets in order."""
    words = offsets.shape[0] - 1
    for word in range(words):
        for i in range(offsets[word] + 1, offsets[word + 1]):
            block, bit = rows[i] >> 6, np.uint64(rows[i] & 63)
            below = used[block] & ((np.uint64(1) << bit) - np.uint64(1))
            rows[i] = words + before[block] + count_bits(below)


@kernel("void(int32[::1], int64, int32[::1], int32[::1])")
def order_by_use(rows: Numbers, words: int, rising: Numbers, buckets: Numbers) -> None:
    """Renumber the buckets' rows by first use, and write the buckets in that order."""
    placed = np.full(rising.shape[0], -1, np.int32)
    following = 0
    for i in range(rows.shape[0]):
        old = rows[i] - words
        if old < 0:
            continue
        if placed[old] < 0:
            placed[old] = following
            buckets[following] = rising[old]
            following += 1
        rows[i] = words + placed[old]
