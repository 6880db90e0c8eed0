"""Questions about words that their vectors answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.words.checks import check_count, check_vector, word_list
from mt2st.embeddings.words.neighbours import Item, Items, nearest, weighted_items
from mt2st.embeddings.words.table import WordTable
from mt2st.errors import DataError
from mt2st.evaluation.cosine import cosine, cosines, unit

Ranking: TypeAlias = list[tuple[str, float]]


class WordQueries(WordTable):
    """Words and their vectors, asked for neighbours and similarity; see `WordVectors`."""

    @overload
    def most_similar(
        self, positive: Items = None, negative: Items = None, topn: int = 10, restrict_vocab: int | None = None
    ) -> Ranking: ...

    @overload
    def most_similar(
        self, positive: Items = None, negative: Items = None, *, topn: None, restrict_vocab: int | None = None
    ) -> NDArray[np.float32]: ...

    def most_similar(
        self,
        positive: Items = None,
        negative: Items = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
    ) -> Ranking | NDArray[np.float32]:
        """Return the words whose cosine with the weighted sum of what is asked for is largest.

        Parameters
        ----------
        positive, negative
            A word, a vector, or a list of words, vectors and pairs (word or vector, weight). Words count as unit
            vectors, vectors as they are. Weights default to 1 and -1; a weight that is given is taken as it is, in
            ``negative`` too. All as gensim has it.
        topn
            How many words. None: the cosines of all words, float32 (words,).
        restrict_vocab
            Search only so many of the first, most frequent words.

        Returns
        -------
        Pairs (word, cosine), falling; words that are asked for are left out.

        Raises
        ------
        MissingWordError
            Where a word has no vector.
        DataError, ConfigError
            Where the items sum up to zeros or are no words or vectors, or a number is below 1.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> [(word, round(cosine, 4)) for word, cosine in vectors.most_similar("a", topn=1)]
        [('b', 0.6)]
        >>> vectors.most_similar(positive=["a", ("c", 0.5)], topn=None).round(3)
        array([0.894, 0.894, 0.447], dtype=float32)
        """
        check_count("topn", topn)
        check_count("restrict_vocab", restrict_vocab)
        items = weighted_items(positive, negative)
        similarities = self._cosines(self._sum(items), restrict_vocab)
        if topn is None:
            return similarities
        asked = (self.key_to_index.get(item, len(self)) for item, _ in items if isinstance(item, str))
        rows = nearest(similarities, topn, [row for row in asked if row < len(similarities)])
        return [(self.index_to_key[row], float(similarities[row])) for row in rows]

    def _sum(self, items: list[tuple[Item, float]]) -> NDArray[np.float32]:
        total = np.zeros(self.vector_size, np.float32)
        for item, weight in items:
            found = self.get_vector(item, norm=True) if isinstance(item, str) else check_vector(item, self.vector_size)
            total += np.float32(weight) * found
        if not total.any():
            raise DataError("the words asked for sum up to zeros, which no word is near to: ask for others")
        return unit(total)

    def _cosines(self, query: NDArray[np.float32], restrict_vocab: int | None = None) -> NDArray[np.float32]:
        return cosines(self.vectors[:restrict_vocab], self.lengths[:restrict_vocab], query)

    def similar_by_word(self, word: str, topn: int = 10, restrict_vocab: int | None = None) -> Ranking:
        """Return the words nearest to a word; see `most_similar`.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> [(word, round(cosine, 4)) for word, cosine in vectors.similar_by_word("a", topn=1)]
        [('b', 0.6)]
        """
        return self.most_similar([word], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_vector(
        self, vector: NDArray[np.float32], topn: int = 10, restrict_vocab: int | None = None
    ) -> Ranking:
        """Return the words nearest to a vector; see `most_similar`.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> found = vectors.similar_by_vector(np.array([0, 1]), topn=2)
        >>> [(word, round(cosine, 4)) for word, cosine in found]
        [('c', 1.0), ('b', 0.8)]
        """
        return self.most_similar([vector], topn=topn, restrict_vocab=restrict_vocab)

    def similarity(self, w1: str, w2: str) -> float:
        """Return the cosine of two words' vectors, 0 where one is zeros; `MissingWordError` where one has none.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.similarity("a", "b"), 4)
        0.6
        """
        return cosine(self.get_vector(w1), self.get_vector(w2))

    def distance(self, w1: str, w2: str) -> float:
        """Return 1 minus `similarity`.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.distance("a", "b"), 4)
        0.4
        """
        return 1 - self.similarity(w1, w2)

    def n_similarity(self, ws1: Sequence[str], ws2: Sequence[str]) -> float:
        """Return the cosine of the mean vectors of two lists of words.

        Words without a vector are passed over, as in gensim; a list that has no other is a `MissingWordError`.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> round(vectors.n_similarity(["a", "c"], ["c"]), 4)
        0.8944
        """
        first, second = (self[self._known(words)].mean(0) for words in (ws1, ws2))
        return cosine(first, second)

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word whose cosine with the mean of all words' unit vectors is smallest.

        Words without a vector are passed over, as in gensim; a list that has no other is a `MissingWordError`.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.doesnt_match(["a", "b", "c"])
        'a'
        """
        known = self._known(words)
        vectors = np.stack([self.get_vector(word, norm=True) for word in known])
        return min(zip((vectors @ unit(vectors.mean(0))).tolist(), known, strict=True))[1]

    def _known(self, words: Sequence[str]) -> list[str]:
        asked = word_list(words)
        known = [word for word in asked if word in self]
        if not known:
            self.get_vector(asked[0])  # says what is wrong with it
        return known

    def rank(self, key1: str, key2: str) -> int:
        """Return the place of ``key2`` among the words by nearness to ``key1``, which has none itself; 1 is first.

        Examples
        --------
        >>> vectors = WordQueries(["a", "b", "c"], np.array([[1, 0], [3, 4], [0, 2]], np.float32))
        >>> vectors.rank("a", "b"), vectors.rank("a", "c")
        (1, 2)
        """
        similarities = self._cosines(self.get_vector(key1, norm=True))
        threshold = similarities[self.get_index(key2)]
        if key1 in self.key_to_index:
            similarities[self.key_to_index[key1]] = -np.inf
        return int((similarities > threshold).sum()) + 1
