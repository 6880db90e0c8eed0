"""The rows of vectors with subwords, and the vectors of unseen words composed of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SubwordRows:
    """The rows of vectors with subwords: those of the words and of character n-grams.

    A word's vector is the mean of its own row and the rows of its n-grams; that of an unseen word the mean of its
    n-grams' rows. A bucket that is not stored is a row of zeros.

    Attributes
    ----------
    min_n, max_n
        Lengths of the n-grams in characters, including the boundary marks ``<`` and ``>``.
    bucket
        Number of buckets that n-grams are hashed into.
    buckets
        The buckets in use, int32 (used,); sorted on creation.
    rows
        Their rows, float32 (used, vector_size).
    word_rows
        The words' own rows, float32 (words, vector_size).
    """

    min_n: int
    max_n: int
    bucket: int
    buckets: NDArray[np.int32]
    rows: NDArray[np.float32]
    word_rows: NDArray[np.float32]

    def __post_init__(self) -> None:
        if (np.diff(self.buckets) < 0).any():
            order = np.argsort(self.buckets)
            object.__setattr__(self, "buckets", self.buckets[order])
            object.__setattr__(self, "rows", self.rows[order])

    def ngrams(self, word: str) -> NDArray[np.int32]:
        """Return the buckets of a word's n-grams, repeats kept; see `ngram_buckets`.

        Examples
        --------
        >>> none = np.empty((0, 2), np.float32)
        >>> SubwordRows(3, 3, 1000, np.empty(0, np.int32), none, none).ngrams("is")  # <is is>
        array([199, 425], dtype=int32)
        """
        from mt2st.embeddings.subwords import ngram_buckets  # compiles, or loads, its kernels

        return ngram_buckets(word, self.min_n, self.max_n, self.bucket)

    def unseen(self, word: str) -> NDArray[np.float32] | None:
        """Return the vector of a word from its n-grams alone, (vector_size,), or None if it has no n-gram.

        Examples
        --------
        >>> rows = np.array([[2, 4]], np.float32)
        >>> subwords = SubwordRows(3, 3, 1000, np.array([425], np.int32), rows, rows)
        >>> subwords.unseen("is"), subwords.unseen("")  # one of two n-grams is stored
        (array([1., 2.], dtype=float32), None)
        """
        ngrams = self.ngrams(word)
        if not len(ngrams):
            return None
        at = np.searchsorted(self.buckets, ngrams)
        stored = at < len(self.buckets)
        stored[stored] = self.buckets[at[stored]] == ngrams[stored]
        return np.asarray(self.rows[at[stored]].sum(0) / np.float32(len(ngrams)), np.float32)
