"""What the kernels of encoding share: bytes as numbers, and typed constants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint64]
# Unsigned in compiled code, any integer in Python.
Unsigned = int | np.uint64

# Kinds of bytes: part of a word, between two words, or also the end of a sentence.
WORD, SPACE, END = 0, 1, 2
# Indices into the state of `split_words`, and of `count_words`.
AT, TOKENS, SENTENCES, OPENED, READING = range(5)
KNOWN, USED, TOUCHED, KNOWING = range(4)
# Number of bytes that may be read beyond the end of a text or an arena.
PADDING = 16
# A longer sentence is split, as in gensim.
LONGEST_SENTENCE = 10_000
# Number of values that `split_words` writes per word: key, first byte, length.
SPAN = 3
# The slot of the word this many numbers ahead (twelve words) is read in advance, to hide memory latency.
AHEAD = np.uint64(36)

ZERO, UNIT, TWO, THREE, SEVEN, EIGHT, HALF, TOP = (np.uint64(each) for each in (0, 1, 2, 3, 7, 8, 32, 56))
LINE_FEED = np.uint64(10)
BYTE, MARK, LOWER_HALF = np.uint64(0xFF), np.uint64(0xFFFFFF), np.uint64(0xFFFFFFFF)
ONES = np.uint64(0x0101010101010101)
HIGH = np.uint64(0x8080808080808080)
CONTROL = np.uint64(0x2121212121212121)
# Odd, with bits evenly spread: the multiplier of MurmurHash64A.
MIXER = np.uint64(0xC6A4A7935BD1E995)
# The type of the result of `octets`.
OCTETS = "Array(uint64, 1, 'A', aligned=False)"


def octets(array: Bytes) -> Keys:
    """Return a view of the eight bytes from each offset on as one number, shape (bytes - 7,).

    Examples
    --------
    >>> [hex(number) for number in octets(np.arange(1, 10, dtype=np.uint8))]
    ['0x807060504030201', '0x908070605040302']
    """
    return np.ndarray(max(array.size - 7, 0), np.dtype("<u8"), array, strides=(1,))
