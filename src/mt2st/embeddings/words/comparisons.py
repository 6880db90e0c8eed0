"""Comparing words with words: cosines and ranks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.words.checks import check_vector, word_list
from mt2st.embeddings.words.neighbours import Item
from mt2st.embeddings.words.table import WordTable
from mt2st.evaluation.cosine import cosine, cosines, divisors, unit


class WordComparisons(WordTable):
    """Words and their vectors, compared with each other; see `WordVectors`."""

    def _cosines(self, query: NDArray[np.float32], searched: slice = slice(None)) -> NDArray[np.float32]:
        return cosines(self.vectors[searched], self.lengths[searched], query)

    def _vector(self, item: Item, norm: bool) -> NDArray[np.float32]:
        """Return the vector of a word, or a given vector unchanged."""
        if isinstance(item, np.ndarray):
            return check_vector(item, self.vector_size)
        return self.get_vector(item, norm)

    def similarity(self, w1: str, w2: str) -> float:
        """Return the cosine of two words' vectors, 0 if one is zeros; `MissingWordError` if a word has none.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.similarity("a", "b"), 4)
        0.6
        """
        return cosine(self.get_vector(w1), self.get_vector(w2))

    def distance(self, w1: str, w2: str) -> float:
        """Return 1 minus `similarity`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.distance("a", "b"), 4)
        0.4
        """
        return 1 - self.similarity(w1, w2)

    def distances(self, word_or_vector: Item, other_words: Sequence[str] = ()) -> NDArray[np.float32]:
        """Return 1 minus the cosine with each of other words, float32 (words,); with all words if none are given.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.distances("a").round(4), vectors.distances(np.array([0, 7]), ["b"]).round(4)
        (array([0. , 0.4, 1. ], dtype=float32), array([0.2], dtype=float32))
        """
        asked = unit(self._vector(word_or_vector, norm=True))
        if not len(other_words):
            return 1 - self._cosines(asked)
        rows = self[word_list(other_words)]
        return 1 - cosines(rows, divisors(rows), asked)

    def closer_than(self, key1: str, key2: str) -> list[str]:
        """Return the words that are nearer to ``key1`` than ``key2`` is, without ``key1`` itself, in the table's order.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.closer_than("a", "c"), vectors.closer_than("a", "b")
        (['b'], [])
        """
        return [self.index_to_key[row] for row in self._closer(key1, key2)]

    def rank(self, key1: str, key2: str) -> int:
        """Return the rank of ``key2`` among the words by similarity to ``key1``, from 1, ``key1`` itself excluded.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.rank("a", "b"), vectors.rank("a", "c")
        (1, 2)
        """
        return len(self._closer(key1, key2)) + 1

    def _closer(self, key1: str, key2: str) -> NDArray[np.int64]:
        similarities = self._cosines(self.get_vector(key1, norm=True))
        threshold = similarities[self.get_index(key2)]
        if key1 in self.key_to_index:
            similarities[self.key_to_index[key1]] = -np.inf
        return np.flatnonzero(similarities > threshold)
