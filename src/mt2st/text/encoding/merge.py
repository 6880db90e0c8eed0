"""One vocabulary out of the words of all parts, bounded while it grows."""

from __future__ import annotations

import numpy as np

from mt2st.native import Numbers, Places
from mt2st.text.encoding.table import WordTable
from mt2st.text.vocabulary import Vocabulary


class GrowingVocabulary:
    r"""The words of all parts, with their counts.

    Parameters
    ----------
    bound
        When there are more words than this after a part, those seen once at most are dropped, next time those seen
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
    >>> vocabulary, final = growing.finish(min_count=1)
    >>> vocabulary.words, final.tolist()
    (['be', 'to'], [1, 0, -1])
    """

    def __init__(self, bound: int | None) -> None:
        self._bound, self._table = bound, WordTable()
        self.least = 0

    def merge(self, words: bytes, counts: Places) -> Numbers:
        """Add a part's words, a line end after each; return their ids, which hold until words are dropped."""
        ids = self._table.number_list(words, counts)
        while self._bound is not None and len(self._table) > self._bound:
            self.least += 1
            self._table = self._table.keep(self._table.counts > self.least)
        return ids

    def forget_counts(self) -> None:
        """Set all counts to 0, to count the words that are left once more."""
        self._table.counts[:] = 0

    def count(self, words: bytes, counts: Places) -> Numbers:
        """Count a part's words as far as they are known; return their ids, -1 for the others."""
        return self._table.number_list(words, counts, insert=False)

    def finish(self, min_count: int) -> tuple[Vocabulary, Numbers]:
        """Return the words counted at least ``min_count`` times, and the row of each id, -1 for none and for id -1."""
        kept = self._table.counts >= min_count
        table = self._table.keep(kept)
        words, counts = table.text.decode().split("\n")[:-1], table.counts
        by_word = np.array(sorted(range(len(words)), key=words.__getitem__), np.int64)
        order = by_word[np.argsort(-counts[by_word], kind="stable")]
        final = np.full(len(self._table) + 1, -1, np.int32)
        final[np.flatnonzero(kept)[order]] = np.arange(len(order), dtype=np.int32)
        return Vocabulary([words[at] for at in order], counts[order]), final
