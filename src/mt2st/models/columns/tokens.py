"""Kernels that find the tokens of `mt2st.text.tokenize` in bytes, and number them."""

from __future__ import annotations

import numpy as np
from numba import boolean, int64, uint8, uint64
from numpy.typing import NDArray

from mt2st.models.columns.kernels import Keys, expect_key, find_key, keep_key
from mt2st.models.columns.pairs import EMPTY
from mt2st.native import Numbers, Places, kernel
from mt2st.text.tokenizer import EMOJI, MIXED, PURE

Bytes = NDArray[np.uint8]
QUOTE, HYPHEN, SLASH, COLON, SEMICOLON, EQUALS = (np.uint8(ord(sign)) for sign in "'-/:;=")
EXCLAMATION, QUESTION = np.uint8(ord("!")), np.uint8(ord("?"))
# Ranges of characters that are tokens by themselves; other characters in these ranges are not in the bytes.
FIRST, LAST = np.array(sorted(MIXED + PURE + EMOJI), np.int64).T.copy()
# The first bytes of characters with three bytes or more, and with four, are at least these.
LONG, LONGEST = np.uint8(0xE0), np.uint8(0xF0)
# Kinds of bytes: between tokens, possible start of a sign, apostrophe, letter, start of a possible one-character token.
BETWEEN, SIGN, APOSTROPHE, LETTER, WIDE = range(5)
KINDS = np.full(256, BETWEEN, np.uint8)
KINDS[list(b"!?:;=")], KINDS[ord("'")] = SIGN, APOSTROPHE
KINDS[list(b"0123456789abcdefghijklmnopqrstuvwxyz")] = KINDS[128:LONG] = LETTER
KINDS[LONG:] = WIDE
# Tokens that are read before the first is looked up.
BLOCK = 64
# FNV-1a in 64 bits.
BASIS, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


@kernel(boolean(uint8), inner=True)
def is_letter(byte: np.uint8) -> bool:
    """Return whether a byte is a lower-case letter, a digit, or part of a character beyond ASCII."""
    return KINDS[byte] >= LETTER


@kernel(int64(uint8[::1], int64), inner=True)
def size_alone(text: Bytes, at: int) -> int:
    """Return the number of bytes of the character at ``at`` if it is a token by itself, else 0."""
    lead = text[at]
    if lead < LONG:
        return 0
    size = 3 + int(lead >= LONGEST)
    code = np.int64(lead & (0x0F if size == 3 else 0x07))
    for i in range(at + 1, at + size):
        code = (code << 6) | (text[i] & 0x3F)
    for i in range(FIRST.shape[0]):
        if FIRST[i] <= code <= LAST[i]:
            return size
    return 0


@kernel(boolean(uint8[::1], int64, int64), inner=True)
def goes_on(text: Bytes, at: int, stop: int) -> bool:
    """Return whether there is a letter of a word at ``at``, before the end of the text."""
    return at < stop and is_letter(text[at]) and size_alone(text, at) == 0


@kernel(boolean(uint8), inner=True)
def is_mouth(byte: np.uint8) -> bool:
    """Return whether a byte ends an emoticon whatever comes after it: one of ``()[]|*``."""
    return byte in (40, 41, 42, 91, 93, 124)


@kernel(int64(uint8[::1], int64, int64), inner=True)
def end_of_emoticon(text: Bytes, at: int, stop: int) -> int:
    """Return the end of an emoticon that begins at ``at``; ``at`` if none begins there."""
    if text[at] != COLON and text[at] != SEMICOLON and text[at] != EQUALS:
        return at
    mouth = at + 1
    mouth += int(mouth < stop and text[mouth] == QUOTE)
    mouth += int(mouth < stop and text[mouth] == HYPHEN)
    if mouth >= stop:
        return at
    byte = text[mouth]
    found = is_mouth(byte)
    if byte in (100, 111, 112):  # d, o, p
        found = not goes_on(text, mouth + 1, stop)
    elif byte == SLASH:
        found = mouth + 1 == stop or text[mouth + 1] != SLASH
    return mouth + 1 if found else at


@kernel(int64(uint8[::1], int64, int64), inner=True)
def end_of_token(text: Bytes, at: int, stop: int) -> int:
    """Return the end of a token that begins at ``at``; ``at`` if none begins there."""
    if not is_letter(text[at]):
        return at + 1 if text[at] == EXCLAMATION or text[at] == QUESTION else end_of_emoticon(text, at, stop)
    end = at + size_alone(text, at)
    if end > at:
        return end
    while end < stop and (is_letter(text[end]) or (text[end] == QUOTE and goes_on(text, end + 1, stop))):
        if text[end] >= LONG and size_alone(text, end):
            return end
        end += 1
    return end


@kernel(uint64(uint8[::1], int64, int64), inner=True)
def word_key(text: Bytes, start: int, stop: int) -> np.uint64:
    """Return a 64-bit hash of a word; 0 instead of the number that marks an empty slot."""
    key = BASIS
    for at in range(start, stop):
        key = (key ^ np.uint64(text[at])) * PRIME
    return key if key != EMPTY else np.uint64(0)


@kernel("Tuple((int64, uint64))(uint8[::1], int64, int64)", inner=True)
def run_of_letters(text: Bytes, at: int, stop: int) -> tuple[int, np.uint64]:
    """Return the end of a run of letters from ``at``, and its `word_key`; both together take half the time."""
    key = BASIS
    while at < stop and KINDS[text[at]] == LETTER:
        key = (key ^ np.uint64(text[at])) * PRIME
        at += 1
    return at, key if key != EMPTY else np.uint64(0)


@kernel(
    "Tuple((int64, int64))(uint8[::1], int64, int64, uint64[::1], int32[::1], int64[::1], int64[::1], uint64[::1])",
    inner=True,
)
def read_tokens(
    text: Bytes, place: int, stop: int, slots: Keys, numbers: Numbers, starts: Places, stops: Places, keys: Keys
) -> tuple[int, int]:
    """Write the starts, stops and keys of the next tokens; return how many, and the place after them.

    They are at most as many as there is space for. What the table ``slots``, ``numbers`` has of them is on its way from
    memory when this returns: looked up one after the other, each is waited for.
    """
    found = 0
    while place < stop and found < keys.shape[0]:
        if KINDS[text[place]] == BETWEEN:
            place += 1
            continue
        end, key = run_of_letters(text, place, stop)
        if end == place or (end < stop and KINDS[text[end]] >= APOSTROPHE):
            end = end_of_token(text, place, stop)
            if end == place:
                place += 1
                continue
            key = word_key(text, place, end)
        expect_key(key, slots, numbers)
        starts[found], stops[found], keys[found] = place, end, key
        found, place = found + 1, end
    return found, place


@kernel("void(uint8[::1], int64[::1], uint64[::1], int32[::1])")
def keep_words(text: Bytes, places: Places, keys: Keys, numbers: Numbers) -> None:
    """Insert each word, ``text[places[w]:places[w + 1]]``, into an open-addressing table with twice as many slots."""
    for word in range(places.shape[0] - 1):
        keep_key(word_key(text, places[word], places[word + 1]), word, keys, numbers)


@kernel("Tuple((uint64[::1], int32[::1]))(uint64[::1], int32[::1])", inner=True)
def doubled(keys: Keys, numbers: Numbers) -> tuple[Keys, Numbers]:
    """Return a table of the same words with twice as many slots."""
    more, values = np.full(2 * keys.shape[0], EMPTY, np.uint64), np.empty(2 * keys.shape[0], np.int32)
    for slot in range(keys.shape[0]):
        if keys[slot] != EMPTY:
            keep_key(keys[slot], numbers[slot], more, values)
    return more, values


@kernel(
    "Tuple((uint64[::1], int32[::1], int64, int64))"
    "(uint8[::1], int64[::1], uint64[::1], int32[::1], int64, boolean, int32[::1], int64[::1], int64[:, ::1])"
)
def number_tokens(
    text: Bytes,
    ends: Places,
    keys: Keys,
    numbers: Numbers,
    words: int,
    learn: bool,
    ids: Numbers,
    offsets: Places,
    spans: Places,
) -> tuple[Keys, Numbers, int, int]:
    """Write the numbers of all tokens of some texts, -1 for unknown words.

    Parameters
    ----------
    text, ends
        The concatenated texts, and the end of each, (texts,).
    keys, numbers, words
        The table of words and their number.
    learn
        Whether an unknown word gets the next number; the table then grows once it is half full.
    ids, offsets, spans
        Written: the numbers; their offsets by text, (texts + 1,); the starts and ends of the words that had no number,
        (2, bytes). There are no more tokens than bytes.

    Returns
    -------
    The table, its number of words, and the number of spans.
    """
    found, met, start = 0, 0, 0
    starts, stops, own = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.uint64)
    for row in range(ends.shape[0]):
        place, stop = start, ends[row]
        offsets[row] = found
        while place < stop:
            read, place = read_tokens(text, place, stop, keys, numbers, starts, stops, own)
            for i in range(read):
                number = keep_key(own[i], words, keys, numbers) if learn else find_key(own[i], keys, numbers)
                if number < 0 or number == words:
                    spans[0, met], spans[1, met] = starts[i], stops[i]
                    met += 1
                    words += int(learn)
                    if 2 * words > keys.shape[0]:
                        keys, numbers = doubled(keys, numbers)
                ids[found] = number
                found += 1
        start = stop
    offsets[ends.shape[0]] = found
    return keys, numbers, words, met
