"""Random draws of the word-vector kernels: subsampling, window sizes, negatives.

Draw i of a stream depends on (key, i) alone, so order does not matter, and two kernels can make the same draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Floats, Numbers, Places, kernel

Bits = NDArray[np.uint64]

# SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
STEP = np.uint64(0x9E3779B97F4A7C15)
# Offsets of two separate streams of one key.
NEGATIVES, REACHES = np.uint64(0x632BE59BD9B4E019), np.uint64(0xD1342543DE82EF95)


@kernel("uint64(uint64, int64)", inline="always")
def random_bits(key: np.uint64, i: int) -> np.uint64:
    """Return 64 random bits, draw i of a stream."""
    z = key + np.uint64(i) * STEP
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel("int64(uint64, int64)", inline="always")
def below(bits: np.uint64, limit: int) -> int:
    """Return an integer of [0, limit) from the upper 32 random bits."""
    return np.int64(((bits >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@kernel("int64(int32[::1], int64, int64, float32[::1], uint64, int64, int64[:,::1], int64)")
def subsample(
    ids: Numbers, start: int, stop: int, keep: Floats, key: np.uint64, draw: int, piece: Places, count: int
) -> int:
    """Write a random subsample of the words ``ids[start:stop]`` to ``piece[count:, 0]`` and return its end.

    ``draw`` is the number of the first word's draw.
    """
    for i in range(start, stop):
        share = np.float32(random_bits(key, draw + i - start) >> np.uint64(40)) * np.float32(2.0**-24)
        piece[count, 0] = ids[i]
        count += np.int64(share < keep[ids[i]])
    return count


@kernel("void(int64[:,::1], int64, int64, uint64[::1], int64, uint64, int64[:,::1], int64[::1])")
def draw_negatives(
    piece: Places,
    count: int,
    together: int,
    alias: Bits,
    negative: int,
    key: np.uint64,
    negatives: Places,
    drawn: Places,
) -> None:
    """Draw the negatives of every word, or of every two consecutive words, without those words themselves.

    Parameters
    ----------
    piece, count
        The words are ``piece[:count, 0]``.
    together
        1 if each word has its own negatives, 2 if two share them.
    alias
        The packed alias table, see `mt2st.embeddings.AliasTable.packed`.
    negative
        Number of draws per group.
    key
        Key of the random draws.
    negatives, drawn
        Written: those of the words ``together * g`` and on are ``negatives[g, :drawn[g]]``.
    """
    stream = key + NEGATIVES
    for group in range((count + together - 1) // together):
        first = piece[together * group, 0]
        last = piece[min(together * group + together, count) - 1, 0]
        size = 0
        for i in range(negative):
            bits = random_bits(stream, group * negative + i)
            word = below(bits, alias.shape[0])
            column = alias[word]
            if (bits & np.uint64(0xFFFFFFFF)) >= (column >> np.uint64(32)):
                word = np.int64(column & np.uint64(0xFFFFFFFF))
            negatives[group, size] = word
            size += np.int64((word != first) & (word != last))
        drawn[group] = size


@kernel("int64(uint64, int64, int64)", inline="always")
def draw_reach(key: np.uint64, place: int, window: int) -> int:
    """Return the window size of the word at ``place``, drawn uniformly from 1 to ``window``."""
    return 1 + below(random_bits(key + REACHES, place), window)
