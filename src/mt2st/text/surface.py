"""Surface features of words as numbers: all that a tagger knows about an unseen word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

RUNS = re.compile(r"(.)\1+")


def word_shape(word: str) -> str:
    """Return a word's shape: letters become X and x, digits 0, other characters stay, and repeats are merged.

    Examples
    --------
    >>> word_shape("McDonald's"), word_shape("U.S."), word_shape("2,500")
    ("XxXx'x", 'X.X.', '0,0')
    """
    shape = "".join("X" if c.isupper() else "x" if c.islower() else "0" if c.isdigit() else c for c in word)
    return RUNS.sub(r"\1", shape)


def surface_features(word: str) -> tuple[str, ...]:
    """Return the shape, and the first three, last two and last three characters of a word in lower case.

    Examples
    --------
    >>> surface_features("Running")
    ('shape=Xx', 'first=run', 'last2=ng', 'last3=ing')
    """
    small = word.lower()
    return f"shape={word_shape(word)}", f"first={small[:3]}", f"last2={small[-2:]}", f"last3={small[-3:]}"


def surface_numbers(words: Iterable[str], buckets: int) -> NDArray[np.int32]:
    """Return the hashed features of each word, (words, 4), all below ``buckets``.

    Parameters
    ----------
    words
        Words as in the text, since case matters.
    buckets
        Number of hash buckets; the hash is CRC-32, which is the same on every machine.

    Examples
    --------
    >>> numbers = surface_numbers(["Running", "Swimming", "Running"], buckets=1000)
    >>> numbers.shape, (numbers[0] == numbers[1]).tolist(), (numbers[0] == numbers[2]).all()
    ((3, 4), [True, False, True, True], np.True_)
    """
    known: dict[str, list[int]] = {}
    rows = []
    for word in words:
        if word not in known:
            known[word] = [
                crc32(feature.encode("utf-8", "surrogatepass")) % buckets for feature in surface_features(word)
            ]
        rows.append(known[word])
    return np.array(rows, np.int32).reshape(len(rows), 4)
