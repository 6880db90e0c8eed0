"""Tokens of `mt2st.text.tokenize` found in bytes."""

from __future__ import annotations

import numpy as np
from numba import boolean, int64, uint8, uint64
from numpy.typing import NDArray

from mt2st.models.columns.pairs import EMPTY
from mt2st.native import kernel

Bytes = NDArray[np.uint8]
QUOTE, HYPHEN, SLASH, COLON, SEMICOLON, EQUALS = (np.uint8(ord(sign)) for sign in "'-/:;=")
EXCLAMATION, QUESTION = np.uint8(ord("!")), np.uint8(ord("?"))
# FNV-1a in 64 bits.
BASIS, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


@kernel(boolean(uint8), inner=True)
def is_letter(byte: np.uint8) -> bool:
    """Return whether a byte is a small letter, a digit, or part of a character beyond ASCII."""
    return byte >= 128 or 97 <= byte <= 122 or 48 <= byte <= 57


@kernel(boolean(uint8), inner=True)
def is_mouth(byte: np.uint8) -> bool:
    """Return whether a byte ends an emoticon whatever follows: one of ``()[]|*``."""
    return byte in (40, 41, 42, 91, 93, 124)


@kernel(int64(uint8[::1], int64, int64), inner=True)
def end_of_emoticon(text: Bytes, at: int, stop: int) -> int:
    """Return where an emoticon that begins at ``at`` ends; ``at`` where none begins."""
    if text[at] != COLON and text[at] != SEMICOLON and text[at] != EQUALS:
        return at
    mouth = at + 1
    mouth += int(mouth < stop and text[mouth] == QUOTE)
    mouth += int(mouth < stop and text[mouth] == HYPHEN)
    if mouth >= stop:
        return at
    byte, last = text[mouth], mouth + 1 == stop
    found = is_mouth(byte)
    if byte in (100, 111, 112):  # d, o, p
        found = last or not is_letter(text[mouth + 1])
    elif byte == SLASH:
        found = last or text[mouth + 1] != SLASH
    return mouth + 1 if found else at


@kernel(int64(uint8[::1], int64, int64), inner=True)
def end_of_token(text: Bytes, at: int, stop: int) -> int:
    """Return where a token that begins at ``at`` ends; ``at`` where none begins."""
    if not is_letter(text[at]):
        return at + 1 if text[at] == EXCLAMATION or text[at] == QUESTION else end_of_emoticon(text, at, stop)
    end = at + 1
    while end < stop and (is_letter(text[end]) or (text[end] == QUOTE and end + 1 < stop and is_letter(text[end + 1]))):
        end += 1
    return end


@kernel(uint64(uint8[::1], int64, int64), inner=True)
def word_key(text: Bytes, start: int, stop: int) -> np.uint64:
    """Return 64 bits that stand for a word; 0 for the one number that marks an empty slot."""
    key = BASIS
    for at in range(start, stop):
        key = (key ^ np.uint64(text[at])) * PRIME
    return key if key != EMPTY else np.uint64(0)
