"""Words out of bytes: found, looked up and numbered eight bytes at a time, with no Python object for any of them.

No kernel here calls another: each would be compiled on its own as well, and the first run waits for that.

A table is open-addressed, two 64-bit numbers a slot: the word's key, and its length (upper half) and id + 1 (lower
half). The key of a word under eight bytes is its bytes, so that most words are compared in one step; that of a longer
one is a hash, and its bytes are compared too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint64]

# What a byte is: part of a word, between two words, or the end of a sentence too.
WORD, SPACE, END = 0, 1, 2
# Where `number_words` stands.
AT, KNOWN, USED, TOKENS, SENTENCES, OPENED, STATES = range(7)
# Bytes that may be read beyond the end of a text.
PADDING = 16
# A longer sentence is cut, as gensim cuts it.
LONGEST_SENTENCE = 10_000

ONES = np.uint64(0x0101010101010101)
HIGH = np.uint64(0x8080808080808080)
CONTROL = np.uint64(0x2121212121212121)
# Odd, with bits evenly spread: 2^64 over the golden ratio, and the multiplier of MurmurHash64A.
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIXER = np.uint64(0xC6A4A7935BD1E995)
ZERO, UNIT, EIGHT = np.uint64(0), np.uint64(1), np.uint64(8)


@kernel(
    "int64(uint8[::1], int64, uint8[::1], boolean, uint64[::1], uint8[::1], int64[::1], int64[::1], int64[::1],"
    " int32[::1], int64[::1], int64[::1])"
)
def number_words(
    text: Bytes,
    length: int,
    kinds: Bytes,
    insert: bool,
    table: Keys,
    arena: Bytes,
    starts: Places,
    counts: Places,
    weights: Places,
    ids: Numbers,
    ends: Places,
    state: Places,
) -> int:
    """Write the id of every word of a text; stop before a new word that the table has no room for.

    Parameters
    ----------
    text, length
        The bytes, of which those under ``length`` count; the last of them is no part of a word, and `PADDING` follow.
    kinds
        (256,): what each byte is, `WORD`, `SPACE` or `END`; all from 0x21 on are `WORD`.
    insert
        Whether words that are not in the table get a new id; else -1 is written for them.
    table, arena, starts, counts
        The words known: slots, their bytes with a line end after each, where each starts in it, how often each was
        seen. The arena must have room for all of the text.
    weights
        How often each word of the text counts; once where this is empty.
    ids, ends
        Filled: an id a word, and the number of words up to the end of each sentence that has any.
    state
        (STATES,): where to go on; updated.

    Returns
    -------
    Where it stopped: ``length`` where all was read.
    """
    at, known, used = np.uint64(state[AT]), np.uint64(state[KNOWN]), np.uint64(state[USED])
    tokens, sentences, opened = np.uint64(state[TOKENS]), np.uint64(state[SENTENCES]), np.uint64(state[OPENED])
    stop, room, weighted = np.uint64(length), np.uint64(starts.size), weights.size > 0
    mask, shift = np.uint64(table.size // 2 - 1), np.uint64(64)
    while (UNIT << (np.uint64(64) - shift)) <= mask:
        shift -= UNIT
    while at < stop:
        kind = kinds[text[at]]
        if kind != WORD:
            if kind == END and tokens > opened:
                ends[sentences] = tokens
                sentences += UNIT
                opened = tokens
            at += UNIT
            continue
        # Find the word's end: bytes under 0x21 are marked, and the first mark that is no part of a word ends it.
        key, end = ZERO, at
        while True:
            # LLVM makes one load of these.
            word = np.uint64(text[end])
            word |= np.uint64(text[end + np.uint64(1)]) << np.uint64(8)
            word |= np.uint64(text[end + np.uint64(2)]) << np.uint64(16)
            word |= np.uint64(text[end + np.uint64(3)]) << np.uint64(24)
            word |= np.uint64(text[end + np.uint64(4)]) << np.uint64(32)
            word |= np.uint64(text[end + np.uint64(5)]) << np.uint64(40)
            word |= np.uint64(text[end + np.uint64(6)]) << np.uint64(48)
            word |= np.uint64(text[end + np.uint64(7)]) << np.uint64(56)
            marks = (word - CONTROL) & ~word & HIGH
            inside, beyond = ZERO, EIGHT
            while marks != ZERO:
                low = marks & (~marks + UNIT)
                inside = (low >> np.uint64(7)) - UNIT
                beyond = ((inside & ONES) * ONES) >> np.uint64(56)
                if kinds[text[end + beyond]] != WORD:
                    break
                marks ^= low
            if marks != ZERO:
                word &= inside
                key = word if end == at else ((key ^ word) * MIXER)
                end += beyond
                break
            key = (key ^ word) * MIXER
            key ^= key >> np.uint64(32)
            end += EIGHT
        size = end - at
        slot = ((key ^ (key >> np.uint64(32))) * GOLDEN) >> shift
        tag = table[slot + slot + UNIT]
        while tag != ZERO:
            if table[slot + slot] == key and (tag >> np.uint64(32)) == size:
                row = (tag & np.uint64(0xFFFFFFFF)) - UNIT
                same = size if size < EIGHT else ZERO
                known_at = np.uint64(starts[row])
                while same < size and arena[known_at + same] == text[at + same]:
                    same += UNIT
                if same == size:
                    break
            slot = (slot + UNIT) & mask
            tag = table[slot + slot + UNIT]
        if tag == ZERO and insert:
            if known == room:
                break
            table[slot + slot] = key
            tag = (size << np.uint64(32)) | (known + UNIT)
            table[slot + slot + UNIT] = tag
            starts[known] = used
            counts[known] = 0
            for i in range(size):
                arena[used + np.uint64(i)] = text[at + np.uint64(i)]
            used += size
            arena[used] = 10
            used += UNIT
            known += UNIT
        if tag == ZERO:
            ids[tokens] = -1
        else:
            row = (tag & np.uint64(0xFFFFFFFF)) - UNIT
            counts[row] += weights[tokens] if weighted else 1
            ids[tokens] = row
        tokens += UNIT
        at = end
        if tokens - opened == np.uint64(LONGEST_SENTENCE):
            ends[sentences] = tokens
            sentences += UNIT
            opened = tokens
    if at >= stop and tokens > opened:
        ends[sentences] = tokens
        sentences += UNIT
        opened = tokens
    state[AT], state[KNOWN], state[USED] = at, known, used
    state[TOKENS], state[SENTENCES], state[OPENED] = tokens, sentences, opened
    return int(at)


@kernel("void(uint64[::1], uint64[::1])")
def move_words(table: Keys, larger: Keys) -> None:
    """Put all words of a table into a larger, empty one."""
    mask, shift = np.uint64(larger.size // 2 - 1), np.uint64(64)
    while (UNIT << (np.uint64(64) - shift)) <= mask:
        shift -= UNIT
    for i in range(0, table.size, 2):
        if table[i + 1] != ZERO:
            slot = ((table[i] ^ (table[i] >> np.uint64(32))) * GOLDEN) >> shift
            while larger[slot + slot + UNIT] != ZERO:
                slot = (slot + UNIT) & mask
            larger[slot + slot], larger[slot + slot + UNIT] = table[i], table[i + 1]


@kernel("int64(int32[::1], int64[::1], int32[::1])")
def renumber(ids: Numbers, ends: Places, final: Numbers) -> int:
    """Give words their final ids in place; leave out those whose id is negative, and sentences without a word.

    Returns
    -------
    The sentences left; the last of their ends is the words left.
    """
    at = kept = sentences = 0
    for sentence in range(ends.size):
        before = kept
        for i in range(at, ends[sentence]):
            number = final[ids[i]]
            ids[kept] = number
            kept += 1 if number >= 0 else 0
        at = ends[sentence]
        if kept > before:
            ends[sentences] = kept
            sentences += 1
    return sentences
