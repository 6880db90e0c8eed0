"""What the kernels of encoding have in common: bytes as numbers, and constants with their type."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint64]
# Compiled code has unsigned numbers where Python has any.
Unsigned = int | np.uint64

# What a byte is: part of a word, between two words, or the end of a sentence too.
WORD, SPACE, END = 0, 1, 2
# Where `split_words` stands, and what `count_words` knows.
AT, TOKENS, SENTENCES, OPENED, READING = range(5)
KNOWN, USED, TOUCHED, KNOWING = range(4)
# Bytes that may be read beyond the end of a text, and beyond that of an arena.
PADDING = 16
# A longer sentence is cut, as gensim cuts it.
LONGEST_SENTENCE = 10_000
# Numbers of a word that `split_words` finds: key, first byte, length.
SPAN = 3
# So many numbers on, twelve words, is the word whose slot is asked for, so that memory is waited for less.
AHEAD = np.uint64(36)

ZERO, UNIT, TWO, THREE, SEVEN, EIGHT, HALF, TOP = (np.uint64(each) for each in (0, 1, 2, 3, 7, 8, 32, 56))
LINE_FEED = np.uint64(10)
BYTE, MARK, LOWER_HALF = np.uint64(0xFF), np.uint64(0xFFFFFF), np.uint64(0xFFFFFFFF)
ONES = np.uint64(0x0101010101010101)
HIGH = np.uint64(0x8080808080808080)
CONTROL = np.uint64(0x2121212121212121)
# Odd, with bits evenly spread: the multiplier of MurmurHash64A.
MIXER = np.uint64(0xC6A4A7935BD1E995)
# Bytes as `octets` gives them: eight from each place on.
OCTETS = "Array(uint64, 1, 'A', aligned=False)"


def octets(array: Bytes) -> Keys:
    """Return the eight bytes from each place on as one number, a view of shape (bytes - 7,).

    Examples
    --------
    >>> [hex(number) for number in octets(np.arange(1, 10, dtype=np.uint8))]
    ['0x807060504030201', '0x908070605040302']
    """
    return np.ndarray(max(array.size - 7, 0), np.dtype("<u8"), array, strides=(1,))
