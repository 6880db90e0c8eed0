"""Merging the words of all tables into one vocabulary of bounded size."""

from __future__ import annotations

import numpy as np

from mt2st.native import Numbers, Places
from mt2st.text.encoding.kernels.octets import LINE_FEED, octets
from mt2st.text.encoding.table import WordTable, padded


class GrowingVocabulary:
    r"""The words of all parts, with their counts.

    Parameters
    ----------
    bound
        If there are more words than this after a merge, those seen at most once are dropped, next time those seen at
        most twice, and so on, as in word2vec; None keeps all.

    Attributes
    ----------
    least
        Words seen at most this often were dropped; 0 if none were.

    Examples
    --------
    >>> growing = GrowingVocabulary(bound=2)
    >>> growing.merge(b"to\nbe\nor\n", np.array([2, 2, 1])).tolist(), growing.least
    ([0, 1, 2], 1)
    >>> words, counts, final = growing.finish(min_count=1)
    >>> words, counts.tolist(), final.tolist()
    (['be', 'to'], [2, 2], [1, 0, -1])
    """

    def __init__(self, bound: int | None) -> None:
        self.bound, self._table = bound, WordTable()
        self.least = 0

    def merge(self, words: bytes, counts: Places) -> Numbers:
        """Add words, a newline after each; return their ids, which are valid until words are dropped."""
        ids = self._table.number_list(words, counts)
        self._drop()
        return ids

    def take(self, table: WordTable) -> Numbers:
        """Add a table's words and return their ids; a first table becomes the vocabulary, to save counting again."""
        if len(self._table):
            return self.merge(table.text, table.counts)
        self._table = table
        ids = np.arange(len(table), dtype=np.int32)
        self._drop()
        return ids

    def _drop(self) -> None:
        while self.bound is not None and len(self._table) > self.bound:
            self.least += 1
            self._table = self._table.keep(self._table.counts > self.least)

    def forget_counts(self) -> None:
        """Set all counts to 0, to recount the remaining words."""
        self._table.counts[:] = 0

    def count(self, words: bytes, counts: Places) -> Numbers:
        """Count the known ones of some words; return their ids, -1 for the others."""
        return self._table.number_list(words, counts, insert=False)

    def finish(self, min_count: int) -> tuple[list[str], Places, Numbers]:
        """Return the words counted at least ``min_count`` times, their counts, and each id's index among them.

        They are in descending order of counts, then alphabetical. Dropped ids, and the id -1, have the index -1.
        """
        kept = self._table.counts >= min_count
        text, counts = self._table.some(kept)
        words = text.decode().split("\n")[:-1]
        order = ranked(text, words, counts)
        final = np.full(len(self._table) + 1, -1, np.int32)
        final[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
        return list(map(words.__getitem__, order.tolist())), counts[order], final


def ranked(text: bytes, words: list[str], counts: Places) -> Places:
    r"""Return the order of words, also given as a text, by descending count, then alphabetically.

    UTF-8 preserves the alphabetical order, so that comparing the first eight bytes as one number mostly suffices.

    Examples
    --------
    >>> ranked(b"to\nor\nbe\n", ["to", "or", "be"], np.array([1, 2, 1])).tolist()
    [1, 2, 0]
    """
    lengths = np.diff(np.flatnonzero(np.frombuffer(b"\n" + text, np.uint8) == LINE_FEED)) - 1
    unused = (8 * (8 - np.minimum(lengths, 8))).astype(np.uint64)
    numbers = octets(padded(text))[np.cumsum(lengths + 1) - lengths - 1].byteswap()
    numbers = numbers >> unused << unused
    order = np.lexsort((numbers, -counts))
    tied = (np.diff(counts[order]) == 0) & (np.diff(numbers[order]) == 0)
    edges = np.flatnonzero(np.diff(tied, prepend=False, append=False))
    for first, last in edges.reshape(-1, 2).tolist():
        order[first : last + 1] = sorted(order[first : last + 1].tolist(), key=words.__getitem__)
    return order
