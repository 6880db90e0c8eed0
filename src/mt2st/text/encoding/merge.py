"""One vocabulary out of the words of all tables, bounded while it grows."""

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
        When there are more words than this after a merge, those seen once at most are dropped, next time those seen
        twice at most, and so on, as word2vec does; None keeps all.

    Attributes
    ----------
    least
        Words that were seen this often at most were dropped; 0 where none was.

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
        """Add words, a line end after each; return their ids, which hold until words are dropped."""
        ids = self._table.number_list(words, counts)
        self._drop()
        return ids

    def take(self, table: WordTable) -> Numbers:
        """Add a table's words and return their ids; a first table is gone on with, so that nothing is counted twice."""
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
        """Set all counts to 0, to count the words that are left once more."""
        self._table.counts[:] = 0

    def count(self, words: bytes, counts: Places) -> Numbers:
        """Count words as far as they are known; return their ids, -1 for the others."""
        return self._table.number_list(words, counts, insert=False)

    def finish(self, min_count: int) -> tuple[list[str], Places, Numbers]:
        """Return the words counted at least ``min_count`` times, with their counts, and each id's place among them.

        They are ordered by falling count, then alphabetically. Where there is no place, and for the id -1, it is -1.
        """
        kept = self._table.counts >= min_count
        text, counts = self._table.some(kept)
        words = text.decode().split("\n")[:-1]
        order = ranked(text, words, counts)
        final = np.full(len(self._table) + 1, -1, np.int32)
        final[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
        return list(map(words.__getitem__, order.tolist())), counts[order], final


def ranked(text: bytes, words: list[str], counts: Places) -> Places:
    r"""Return the order of words, given as a text too, by falling count, then alphabetically.

    UTF-8 has the alphabet's order, so that most are told apart by their first eight bytes, as one number.

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
