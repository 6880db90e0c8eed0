"""The words nearest to words and vectors."""

from __future__ import annotations

from typing import TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mt2st.embeddings.words.checks import check_count
from mt2st.embeddings.words.groups import WordGroups
from mt2st.embeddings.words.neighbours import Item, Items, nearest, weighted_items
from mt2st.errors import DataError
from mt2st.evaluation.cosine import unit

Ranking: TypeAlias = list[tuple[str, float]]


class WordQueries(WordGroups):
    """Words and their vectors, with queries for neighbours; see `WordVectors`."""

    @overload
    def most_similar(
        self,
        positive: Items = None,
        negative: Items = None,
        topn: int = 10,
        restrict_vocab: int | None = None,
        *,
        clip_start: int = 0,
        clip_end: int | None = None,
    ) -> Ranking: ...

    @overload
    def most_similar(
        self,
        positive: Items = None,
        negative: Items = None,
        *,
        topn: None,
        restrict_vocab: int | None = None,
        clip_start: int = 0,
        clip_end: int | None = None,
    ) -> NDArray[np.float32]: ...

    def most_similar(
        self,
        positive: Items = None,
        negative: Items = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
        *,
        clip_start: int = 0,
        clip_end: int | None = None,
    ) -> Ranking | NDArray[np.float32]:
        """Return the words of largest cosine with the weighted sum of ``positive`` and ``negative``.

        Parameters
        ----------
        positive, negative
            A word, a vector, or a list of words, vectors and pairs (word or vector, weight). Words' vectors are
            normalised, given vectors are not. Weights default to 1 and -1; given weights are used unchanged, in
            ``negative`` too. All this is as in gensim.
        topn
            Number of words. None: the cosines of all words, float32 (words,).
        restrict_vocab
            Search only this many words, the first, which are the most frequent.
        clip_start, clip_end
            Search only the words of these rows, ``clip_end`` excluded, if ``restrict_vocab`` is not given.

        Returns
        -------
        list of (str, float)
            Words and their cosines, in descending order, without the words of the query.

        Raises
        ------
        MissingWordError
            If a word has no vector.
        DataError, ConfigError
            If the items sum to zeros or are not words or vectors, or a number is out of range.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> [(word, round(cosine, 4)) for word, cosine in vectors.most_similar("a", topn=1)]
        [('b', 0.6)]
        >>> vectors.most_similar(positive=["a", ("c", 0.5)], topn=None).round(3)
        array([0.894, 0.894, 0.447], dtype=float32)
        """
        for name, value in {"restrict_vocab": restrict_vocab, "clip_end": clip_end}.items():
            check_count(name, value)
        check_count("clip_start", clip_start, least=0)
        searched = slice(restrict_vocab) if restrict_vocab else slice(clip_start, clip_end)
        items = weighted_items(positive, negative)
        return self._ranked(self._cosines(self._sum(items), searched), items, topn, searched.start or 0)

    def _ranked(
        self, scores: NDArray[np.float32], items: list[tuple[Item, float]], topn: int | None, start: int = 0
    ) -> Ranking | NDArray[np.float32]:
        """Return the best words from row ``start`` on, without those of the query, or all scores."""
        check_count("topn", topn, least=0)
        if topn is None:
            return scores
        asked = (self.key_to_index.get(item, -1) - start for item, _ in items if isinstance(item, str))
        rows = nearest(scores, topn, [row for row in asked if 0 <= row < len(scores)])
        return [(self.index_to_key[start + row], float(scores[row])) for row in rows]

    def _sum(self, items: list[tuple[Item, float]]) -> NDArray[np.float32]:
        total = np.zeros(self.vector_size, np.float32)
        for item, weight in items:
            total += np.float32(weight) * self._vector(item, norm=True)
        if not total.any():
            raise DataError("the words asked for sum up to zeros, which no word is near to: ask for others")
        return unit(total)

    def most_similar_cosmul(
        self,
        positive: Items = None,
        negative: Items = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
    ) -> Ranking | NDArray[np.float32]:
        r"""Return the words similar to all positive and dissimilar to all negative ones, by products (3CosMul).

        .. math:: \arg\max_w \prod_{p} \cos'(w, p) / (\prod_{n} \cos'(w, n) + 10^{-6}),
           \quad \cos' = (1 + \cos) / 2

        O. Levy and Y. Goldberg, "Linguistic regularities in sparse and explicit word representations", 2014, eq. (4).

        Parameters
        ----------
        positive, negative
            p and n: words or vectors, without weights; see `most_similar`. Unlike in gensim, vectors are normalised.
        topn, restrict_vocab
            See `most_similar`.

        Examples
        --------
        >>> words = ["man", "woman", "king", "queen"]
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(words, np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1]], np.float32))
        >>> [(word, round(score, 4)) for word, score in vectors.most_similar_cosmul(["woman", "king"], "man")]
        [('queen', 0.9526)]
        """
        check_count("restrict_vocab", restrict_vocab)
        items = weighted_items(positive, negative)
        if any(weight not in (-1, 1) for _, weight in items) or not any(weight == 1 for _, weight in items):
            raise DataError(
                "most_similar_cosmul asks for words or vectors without weights, at least one of them positive"
            )

        def near(item: Item) -> NDArray[np.float32]:
            return (1 + self._cosines(unit(self._vector(item, norm=True)), slice(restrict_vocab))) / np.float32(2)

        above, below = (np.prod([near(item) for item, own in items if own == sign], axis=0) for sign in (1, -1))
        return self._ranked(np.asarray(above / (below + 1e-6), np.float32), items, topn)

    def similar_by_key(self, key: str, topn: int = 10, restrict_vocab: int | None = None) -> Ranking:
        """Return the words nearest to a word: gensim's newer name of `similar_by_word`."""
        return self.similar_by_word(key, topn, restrict_vocab)

    def similar_by_word(self, word: str, topn: int = 10, restrict_vocab: int | None = None) -> Ranking:
        """Return the words nearest to a word; see `most_similar`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> [(word, round(cosine, 4)) for word, cosine in vectors.similar_by_word("a", topn=1)]
        [('b', 0.6)]
        """
        return self.most_similar([word], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_vector(self, vector: ArrayLike, topn: int = 10, restrict_vocab: int | None = None) -> Ranking:
        """Return the words nearest to a vector, an array or array-like; see `most_similar`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> vectors = mt2st.WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> found = vectors.similar_by_vector(np.array([0, 1]), topn=2)
        >>> [(word, round(cosine, 4)) for word, cosine in found]
        [('c', 1.0), ('b', 0.8)]
        """
        return self.most_similar([np.asarray(vector)], topn=topn, restrict_vocab=restrict_vocab)
