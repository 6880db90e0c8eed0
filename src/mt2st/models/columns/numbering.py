"""Converting the words of many texts to numbers by compiled code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.utf8 import join_utf8
from mt2st.models.columns.pairs import empty_table
from mt2st.models.columns.text_bytes import text_bytes
from mt2st.text.ragged import Ragged

# The number of an unknown word.
UNKNOWN = -1
# Bytes of the texts that are processed at once.
BATCH = 1 << 20
# Minimum number of words for which a new table has room before it grows.
ROOM = 1 << 12


@dataclass(frozen=True)
class Numbered:
    """Texts as numbers of their words.

    Attributes
    ----------
    ids
        The number of each word, in order; `UNKNOWN` for unknown words.
    unknown
        The unknown words, in order.
    """

    ids: Ragged
    unknown: list[str]


def byte_batches(texts: Iterable[str]) -> Iterator[tuple[bytes, NDArray[np.int64]]]:
    """Yield the concatenated bytes of batches of texts, and the end of each text.

    Examples
    --------
    >>> list(byte_batches(["So good", "", "A"]))
    [(b'so gooda', array([7, 7, 8]))]
    """
    batch, size = list[bytes](), 0
    for text in texts:
        batch.append(text_bytes(text))
        size += len(batch[-1])
        if size >= BATCH:
            yield b"".join(batch), np.cumsum(list(map(len, batch)))
            batch, size = [], 0
    if batch:
        yield b"".join(batch), np.cumsum(list(map(len, batch)))


def number_anew(texts: Iterable[str]) -> tuple[Ragged, list[str]]:
    """Return texts as word numbers, and the words, numbered in the order of their first occurrence.

    Examples
    --------
    >>> ids, words = number_anew(["so so good", "good"])
    >>> ids.ids, words
    (array([0, 0, 1, 1], dtype=int32), ['so', 'good'])
    """
    found = WordNumbers([])._number(texts, learn=True)
    return found.ids, found.unknown


class WordNumbers:
    """Converts the words of texts to their numbers in a vocabulary.

    A word is identified by a 64-bit hash: among a million words, the chance that two share one is one in 40 million.

    Parameters
    ----------
    words
        Word w has the number w.

    Examples
    --------
    >>> found = WordNumbers(["good", "not"]).number(["Not good", "", "so good"])
    >>> found.ids.ids, found.ids.offsets, found.unknown
    (array([ 1,  0, -1,  0], dtype=int32), array([0, 2, 2, 4]), ['so'])
    """

    def __init__(self, words: Sequence[str]) -> None:
        from mt2st.models.columns.tokens import keep_words  # compiles, or loads, kernels

        self._known = len(words)
        self._keys, self._numbers = empty_table(max(len(words), ROOM))
        keep_words(*join_utf8(words), self._keys, self._numbers)

    def number(self, texts: Iterable[str]) -> Numbered:
        """Return the texts as numbers."""
        return self._number(texts, learn=False)

    def _number(self, texts: Iterable[str], *, learn: bool) -> Numbered:
        """Return the texts as numbers; with ``learn``, unknown words get the next numbers."""
        from mt2st.models.columns.tokens import number_tokens

        keys, numbers, known, total = self._keys, self._numbers, self._known, 0
        found, offsets, words = [np.empty(0, np.int32)], [np.zeros(1, np.int64)], list[str]()
        ids, spans = np.empty(0, np.int32), np.empty((2, 0), np.int64)
        for text, ends in byte_batches(texts):
            letters, own = np.frombuffer(bytearray(text), np.uint8), np.empty(len(ends) + 1, np.int64)
            if len(ids) < len(text):
                ids, spans = np.empty(len(text), np.int32), np.empty((2, len(text)), np.int64)
            keys, numbers, known, met = number_tokens(letters, ends, keys, numbers, known, learn, ids, own, spans)
            words += [text[start:stop].decode() for start, stop in zip(*spans[:, :met].tolist(), strict=True)]
            found.append(ids[: own[-1]].copy())
            offsets.append(total + own[1:])
            total += own[-1]
        return Numbered(Ragged(np.concatenate(found), np.concatenate(offsets)), words)
