"""Lists of words: their means, the odd one out, and distances between lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.words.checks import word_list
from mt2st.embeddings.words.comparisons import WordComparisons
from mt2st.embeddings.words.neighbours import Item
from mt2st.embeddings.words.transport import transport_cost
from mt2st.errors import DataError
from mt2st.evaluation.cosine import cosine, unit


class WordGroups(WordComparisons):
    """Words and their vectors, with queries on lists of words; see `WordVectors`."""

    def _vectors(self, items: list[Item], norm: bool) -> NDArray[np.float32]:
        words = [item for item in items if isinstance(item, str)]
        if len(words) == len(items):
            return self._rows(words, norm)
        return np.stack([self._vector(item, norm) for item in items])

    def get_mean_vector(
        self,
        keys: Sequence[Item],
        weights: Sequence[float] | NDArray[np.float32] | None = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> NDArray[np.float32]:
        """Return the weighted mean of vectors, float32 (vector_size,).

        Parameters
        ----------
        keys
            Words, and vectors, which are not normalised.
        weights
            One for each key; the weighted sum is divided by the sum of the weights' absolute values.
        pre_normalize
            Normalise the words' vectors to length 1.
        post_normalize
            Normalise the mean to length 1.
        ignore_missing
            Skip words without a vector; if there are no others that is an error, where gensim returns zeros.

        Raises
        ------
        MissingWordError
            If a word has no vector, see ``ignore_missing``.
        DataError
            If the list is empty, or there is not one weight for each key.

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
            raise DataError(f"weights must be as many as keys, {len(items)}: {shares.shape} found")
        there = np.array([not isinstance(item, str) or item in self for item in items])
        if not there.any() or not (there.all() or ignore_missing):
            self._vector(items[int(there.argmin())], pre_normalize)  # says what is wrong with it
        kept = np.flatnonzero(there)
        total = shares[kept] @ self._vectors([items[at] for at in kept], pre_normalize)
        mean = np.asarray(total / (np.abs(shares[kept]).sum() or 1), np.float32)
        return unit(mean) if post_normalize else mean

    def n_similarity(self, ws1: Sequence[str], ws2: Sequence[str]) -> float:
        """Return the cosine of the mean vectors of two lists of words.

        Words without a vector are skipped, as in gensim; a list without any other is a `MissingWordError`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.n_similarity(["a", "c"], ["c"]), 4)
        0.8944
        """
        first, second = (self.get_mean_vector(words, pre_normalize=False) for words in (ws1, ws2))
        return cosine(first, second)

    def wmdistance(self, document1: Sequence[str], document2: Sequence[str], norm: bool = True) -> float:
        """Return the word mover's distance: the minimum cost of moving the words of one text to those of another.

        Parameters
        ----------
        document1, document2
            Words; those without a vector are skipped. If a document has no others, the distance is infinite, as in
            gensim.
        norm
            True: Euclidean distances between vectors of length 1; False: between the vectors unchanged.

        Notes
        -----
        A word's weight is its relative frequency; see `transport_cost`. Texts of 20 words take 5 ms, of 100 words 50.

        M. J. Kusner, Y. Sun, N. I. Kolkin and K. Q. Weinberger, "From word embeddings to document distances", 2015.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [0, 1], [0, 4]], np.float32))
        >>> round(vectors.wmdistance(["a", "b"], ["b", "c"], norm=False), 4), vectors.wmdistance(["a"], ["unknown"])
        (2.0616, inf)
        """
        from scipy.spatial.distance import cdist

        bags = [self._bag(document) for document in (document1, document2)]
        if not all(bags):
            return inf
        rows = [self._rows(list(bag), norm) for bag in bags]
        shares = [np.array(list(bag.values())) / bag.total() for bag in bags]
        return transport_cost(cdist(*rows), *shares)

    def _bag(self, document: Sequence[str]) -> Counter[str]:
        return Counter(word for word in (word_list(document) if len(document) else []) if word in self)

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word whose cosine with the mean of all words' unit vectors is smallest.

        Words without a vector are skipped, as in gensim; a list without any other is a `MissingWordError`.

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
