"""Words compared with words: cosines, means, and which of some is nearer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.words.checks import check_vector, word_list
from mt2st.embeddings.words.neighbours import Item
from mt2st.embeddings.words.table import WordTable
from mt2st.errors import DataError
from mt2st.evaluation.cosine import cosine, cosines, divisors, unit


class WordComparisons(WordTable):
    """Words and their vectors, compared with each other; see `WordVectors`."""

    def _cosines(self, query: NDArray[np.float32], searched: slice = slice(None)) -> NDArray[np.float32]:
        return cosines(self.vectors[searched], self.lengths[searched], query)

    def _vector(self, item: Item, norm: bool) -> NDArray[np.float32]:
        """Return the vector of a word, or one that is given as it is."""
        if isinstance(item, np.ndarray):
            return check_vector(item, self.vector_size)
        return self.get_vector(item, norm)

    def _vectors(self, items: list[Item], norm: bool) -> NDArray[np.float32]:
        words = [item for item in items if isinstance(item, str)]
        if len(words) == len(items):
            return self._rows(words, norm)
        return np.stack([self._vector(item, norm) for item in items])

    def similarity(self, w1: str, w2: str) -> float:
        """Return the cosine of two words' vectors, 0 where one is zeros; `MissingWordError` where one has none.

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
        """Return 1 minus the cosine with each of other words, float32 (words,); where none are given, with all.

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

    def get_mean_vector(
        self,
        keys: Sequence[Item],
        weights: Sequence[float] | NDArray[np.float32] | None = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> NDArray[np.float32]:
        """Return the mean of vectors, weighted, float32 (vector_size,).

        Parameters
        ----------
        keys
            Words, and vectors, which are taken as they are.
        weights
            One for each; their sum is divided by the sum of the weights' absolute values.
        pre_normalize
            Take the words' vectors at length 1.
        post_normalize
            Make the mean of length 1.
        ignore_missing
            Pass over words without a vector; a list that has no other is an error, where gensim gives zeros.

        Raises
        ------
        MissingWordError
            Where a word has no vector, see ``ignore_missing``.
        DataError
            Where there is nothing, or not a weight for each.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.get_mean_vector(["b", "c", "unknown"]), vectors.get_mean_vector(["b", "c"], [4, -1]).round(4)
        (array([0.3, 0.9], dtype=float32), array([0.48, 0.44], dtype=float32))
        """
        items = word_list(keys)
        shares = np.ones(len(items)) if weights is None else np.asarray(weights)
        if shares.shape != (len(items),):
            raise DataError(f"weights must be {len(items)} numbers, one for each of the keys: {shares.shape} found")
        there = np.array([not isinstance(item, str) or item in self for item in items])
        if not there.any() or not (there.all() or ignore_missing):
            self._vector(items[int(there.argmin())], pre_normalize)  # says what is wrong with it
        kept = np.flatnonzero(there)
        total = shares[kept] @ self._vectors([items[at] for at in kept], pre_normalize)
        mean = np.asarray(total / (np.abs(shares[kept]).sum() or 1), np.float32)
        return unit(mean) if post_normalize else mean

    def n_similarity(self, ws1: Sequence[str], ws2: Sequence[str]) -> float:
        """Return the cosine of the mean vectors of two lists of words.

        Words without a vector are passed over, as in gensim; a list that has no other is a `MissingWordError`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.n_similarity(["a", "c"], ["c"]), 4)
        0.8944
        """
        first, second = (self.get_mean_vector(words, pre_normalize=False) for words in (ws1, ws2))
        return cosine(first, second)

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word whose cosine with the mean of all words' unit vectors is smallest.

        Words without a vector are passed over, as in gensim; a list that has no other is a `MissingWordError`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.doesnt_match(["a", "b", "c"])
        'a'
        """
        known = self._known(words)
        vectors = self._rows(known, norm=True)
        return min(zip((vectors @ unit(vectors.mean(0))).tolist(), known, strict=True))[1]

    def _known(self, words: Sequence[str]) -> list[str]:
        asked = word_list(words)
        known = [word for word in asked if word in self]
        if not known:
            self.get_vector(asked[0])  # says what is wrong with it
        return known

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
        """Return the place of ``key2`` among the words by nearness to ``key1``, which has none itself; 1 is first.

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
