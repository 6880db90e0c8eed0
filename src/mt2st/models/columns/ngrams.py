"""Character n-grams of words, known and unknown, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.models.columns.numbering import Numbered
from mt2st.pickled import PickledAsMade
from mt2st.text.ragged import Ragged

if TYPE_CHECKING:
    from mt2st.embeddings.subwords import SubwordIndex

# Lengths in characters, including the marks at a word's ends, and number of buckets, as in fastText.
LENGTHS = {"min_n": 3, "max_n": 6, "bucket": 1 << 21}


class NGrams(PickledAsMade):
    """The columns of n-grams: one for each bucket into which n-grams of known words are hashed.

    Parameters
    ----------
    words
        The known words.

    Examples
    --------
    >>> from mt2st.models.columns.numbering import WordNumbers
    >>> ngrams, words = NGrams(["is", "his"]), WordNumbers(["is", "his"])
    >>> found = ngrams.columns(words.number(["is", "this", "xyz"]))
    >>> found.lengths  # <is is> <is>; of "this" his is> his> are known; of "xyz" none
    array([3, 3, 0])
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    @cached_property
    def index(self) -> SubwordIndex:
        """The known words' n-grams."""
        from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels

        return SubwordIndex.of(list(self.words), **LENGTHS)

    @cached_property
    def _known(self) -> Ragged:
        return _without_own(self.index)

    def __len__(self) -> int:
        return len(self.index.buckets)

    def columns(self, numbered: Numbered) -> Ragged:
        """Return the columns of each text's words."""
        words, ids = self.of_words(numbered)
        ends = np.concatenate([[0], np.cumsum(words.lengths[ids])])
        return Ragged(words.ids[words.places(ids)], ends[numbered.ids.offsets].astype(np.int64))

    def of_some(self, words: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which columns some known words, given by number, have, (columns,).

        Examples
        --------
        >>> NGrams(["is", "his"]).of_some(np.array([0])).sum()  # <is is> <is>
        np.int64(3)
        """
        found = np.zeros(len(self), np.bool_)
        found[self._known.ids[self._known.places(words)]] = True
        return found

    def of_words(self, numbered: Numbered) -> tuple[Ragged, NDArray[np.int64]]:
        """Return the columns of words, known ones first, and the indices of the texts' words in these, concatenated."""
        ids = numbered.ids.ids.astype(np.int64)
        if not numbered.unknown:
            return self._known, ids
        places = {word: place for place, word in enumerate(dict.fromkeys(numbered.unknown), len(self._known))}
        known, met = self._known, self._of_unknown(list(places))
        ids[ids < 0] = np.fromiter(map(places.__getitem__, numbered.unknown), np.int64, len(numbered.unknown))
        offsets = np.concatenate([known.offsets, known.offsets[-1] + met.offsets[1:]])
        return Ragged(np.concatenate([known.ids, met.ids]), offsets), ids

    def _of_unknown(self, words: list[str]) -> Ragged:
        """Return the columns of unknown words: those of n-grams that known words have too."""
        from mt2st.embeddings.subwords import list_buckets

        columns = np.full(LENGTHS["bucket"], -1, np.int32)
        columns[self.index.buckets] = np.arange(len(self), dtype=np.int32)
        met = list_buckets(words, **LENGTHS)
        found = Ragged(columns[met.ids], met.offsets)
        return found.where(found.ids >= 0)


def _without_own(index: SubwordIndex) -> Ragged:
    """Return the indices of each word's buckets, without its own row, which comes first."""
    found = Ragged(index.rows, index.offsets).without_first()
    return Ragged(found.ids - np.int32(len(found)), found.offsets)
