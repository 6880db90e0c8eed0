"""Character n-grams of words, known and unknown, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.models.columns.numbering import Numbered
from mt2st.text.ragged import Ragged

if TYPE_CHECKING:
    from mt2st.embeddings.subwords import SubwordIndex

# Lengths in characters, with marks at a word's ends, and buckets: as fastText has them.
LENGTHS = {"min_n": 3, "max_n": 6, "bucket": 1 << 21}


class NGrams:
    """A column for each bucket that n-grams of known words fall into.

    Parameters
    ----------
    index
        The known words' n-grams.

    Examples
    --------
    >>> from mt2st.models.columns.numbering import WordNumbers
    >>> ngrams, words = NGrams.of(["is", "his"]), WordNumbers(["is", "his"])
    >>> found = ngrams.columns(words.number(["is", "this", "xyz"]))
    >>> found.lengths  # <is is> <is>; of "this" his is> his> are known; of "xyz" none
    array([3, 3, 0])
    """

    def __init__(self, index: SubwordIndex) -> None:
        self.index = index
        self._order = np.argsort(index.buckets)
        self._known = _without_own(index)

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Return the n-grams of some words."""
        from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels

        return cls(SubwordIndex.of(list(words), **LENGTHS))

    def __len__(self) -> int:
        return len(self.index.buckets)

    def columns(self, numbered: Numbered) -> Ragged:
        """Return the columns of each text's words."""
        ids = numbered.ids.ids.astype(np.int64)
        if not numbered.unknown:
            return _of_texts(self._known, ids, numbered.ids.offsets)
        places = {word: place for place, word in enumerate(dict.fromkeys(numbered.unknown))}
        known, met = self._known, self._of_unknown(list(places))
        both = Ragged(
            np.concatenate([known.ids, met.ids]), np.concatenate([known.offsets, known.offsets[-1] + met.offsets[1:]])
        )
        ids[ids < 0] = [len(known) + places[word] for word in numbered.unknown]
        return _of_texts(both, ids, numbered.ids.offsets)

    def _of_unknown(self, words: list[str]) -> Ragged:
        """Return the columns of words that have none of their own: of n-grams that known words have too."""
        from mt2st.embeddings.subwords import SubwordIndex

        index = SubwordIndex.of(words, **LENGTHS)
        at = np.searchsorted(self.index.buckets, index.buckets, sorter=self._order).clip(max=len(self._order) - 1)
        columns = np.where(self.index.buckets[self._order[at]] == index.buckets, self._order[at], -1).astype(np.int32)
        own = _without_own(index)
        found = columns[own.ids]
        before = np.concatenate([[0], np.cumsum(found >= 0)])
        return Ragged(found[found >= 0], before[own.offsets].astype(np.int64))


def _without_own(index: SubwordIndex) -> Ragged:
    """Return the buckets' places of each word, without the row of its own, which comes first."""
    words = len(index.offsets) - 1
    rest = np.ones(len(index.rows), np.bool_)
    rest[index.offsets[:-1]] = False
    return Ragged((index.rows[rest] - words).astype(np.int32), index.offsets - np.arange(words + 1))


def _of_texts(words: Ragged, ids: NDArray[np.int64], offsets: NDArray[np.int64]) -> Ragged:
    ends = np.concatenate([[0], np.cumsum(words.lengths[ids])])
    return Ragged(words.ids[words.places(ids)], ends[offsets].astype(np.int64))
