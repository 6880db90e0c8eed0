"""The rows of a table that compose each word, unseen words included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.subwords import ngram_buckets

if TYPE_CHECKING:
    from mt2st.embeddings.subwords import SubwordIndex


class WordRows:
    """Numbers words, and stores the rows and shares of each: ``v(w) = sum of table[row] * share``.

    A known word is the mean of its own row and those of its n-grams. An unseen word gets the next number, and is the
    mean of its n-grams' rows; as in `SubwordRows`, an n-gram that no known word has is a row of zeros.

    Parameters
    ----------
    words
        The known words; word w has the number w.
    index
        Their rows in the table, e.g. ``SubwordIndex.of(words)``.

    Examples
    --------
    >>> from mt2st.embeddings.subwords import SubwordIndex
    >>> words = WordRows(["is", "his"], SubwordIndex.of(["is", "his"], min_n=3, max_n=3, bucket=1000))
    >>> words.encode(["his", "this", "is", "this"])
    array([1, 2, 0, 2], dtype=int32)
    >>> rows, shares, offsets = words.select(np.array([0, 2]))  # <is is> and hi are known, <th and thi are not
    >>> rows.tolist(), (12 * shares).round().tolist(), offsets.tolist()
    ([0, 2, 3, 5, 3], [4.0, 4.0, 4.0, 3.0, 3.0], [0, 3])
    """

    def __init__(self, words: Iterable[str], index: SubwordIndex) -> None:
        self.index = index
        self._numbers = {word: number for number, word in enumerate(words)}
        lengths = np.diff(index.offsets)
        self._rows, self._lengths, self._parts = [index.rows], [lengths], [lengths]
        self._order = np.argsort(index.buckets).astype(np.int32)
        self._first = self.size - len(index.buckets)

    @property
    def size(self) -> int:
        """Return the number of rows of the table."""
        return int(self.index.rows.max(initial=-1)) + 1

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the number of each word; new words get new numbers."""
        numbers = self._numbers
        return np.array([numbers[t] if t in numbers else self._meet(t) for t in tokens], np.int32)

    def place(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the number of each word, as `encode` does, since every word has one."""
        return self.encode(tokens)

    def select(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Return the rows of some words, concatenated, the share of each row, and the start of each word's."""
        rows, lengths, parts = self._joined()
        starts, counts = (np.cumsum(lengths) - lengths)[numbers], lengths[numbers]
        offsets = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(starts - offsets, counts)
        shares = np.repeat(np.float32(1) / np.maximum(parts[numbers], 1).astype(np.float32), counts)
        return rows[places].astype(np.int64), shares, offsets

    def _meet(self, word: str) -> int:
        index = self.index
        ngrams = ngram_buckets(word, index.min_n, index.max_n, index.bucket)
        at = np.searchsorted(index.buckets, ngrams, sorter=self._order)
        stored = at < len(self._order)
        stored[stored] = index.buckets[self._order[at[stored]]] == ngrams[stored]
        self._rows.append(self._order[at[stored]] + np.int32(self._first))
        self._lengths.append(np.array([stored.sum()]))
        self._parts.append(np.array([len(ngrams)]))
        self._numbers[word] = len(self._numbers)
        return self._numbers[word]

    def _joined(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
        for kept in (self._rows, self._lengths, self._parts):
            if len(kept) > 1:
                kept[:] = [np.concatenate(kept)]
        return self._rows[0], self._lengths[0], self._parts[0]
