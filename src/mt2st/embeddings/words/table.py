"""Words, their vectors, and look-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.words.checks import check_counts, check_rows, check_training, number_strings, word_list
from mt2st.errors import ConfigError, DataError, MissingWordError, counted
from mt2st.evaluation.cosine import divisors, unit

# Suggestions for a misspelt word are searched among this many of the most frequent: 25 ms.
NEAR = 10_000


class WordTable:
    """Words and their vectors; see `WordVectors`, which also answers questions about them."""

    def __init__(
        self,
        words: list[str],
        vectors: NDArray[np.float32],
        *,
        counts: NDArray[np.int64] | Sequence[int] | None = None,
        subwords: SubwordRows | None = None,
        output: NDArray[np.float32] | None = None,
        training: Mapping[str, Any] | None = None,
    ) -> None:
        self.index_to_key, self.key_to_index = list(words), number_strings(words)
        self.vectors = check_rows(vectors, len(words))
        self.counts = None if counts is None else check_counts(counts, len(words))
        self.output = None if output is None else check_rows(output, len(words), self.vector_size, "output")
        if subwords is not None:
            check_rows(subwords.word_rows, len(words), self.vector_size, "subwords.word_rows")
        self.subwords = subwords
        self.training = None if training is None else check_training(training)
        self._lengths: NDArray[np.float32] | None = None
        self._normed: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.index_to_key)

    def __contains__(self, word: object) -> bool:
        """Return whether a word has a vector; with subwords, an unseen one does if it has an n-gram."""
        if not isinstance(word, str):
            return False
        return word in self.key_to_index or (self.subwords is not None and len(self.subwords.ngrams(word)) > 0)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the words in order of their rows."""
        return iter(self.index_to_key)

    def __getitem__(self, words: str | Sequence[str]) -> NDArray[np.float32]:
        """Return the vector of a word, (vector_size,), or of several, (words, vector_size).

        Raises
        ------
        MissingWordError
            If a word has no vector.
        """
        if isinstance(words, str) or not isinstance(words, Iterable):
            return self.get_vector(words)
        return self._rows(word_list(words))

    def _rows(self, words: list[str], norm: bool = False) -> NDArray[np.float32]:
        """Return the vectors of words, (words, vector_size), in one step if each has a row."""
        rows = [at for word in words if (at := self._place(word)) is not None]
        if len(rows) < len(words):
            return np.stack([self.get_vector(word, norm) for word in words])
        found: NDArray[np.float32] = self.vectors[rows]
        return found / divisors(found)[:, None] if norm else found

    def __repr__(self) -> str:
        subwords = ", with subwords" if self.subwords else ""
        return (
            f"<{type(self).__name__}: {counted(len(self), 'word')}, {counted(self.vector_size, 'dimension')}{subwords}>"
        )

    @property
    def vector_size(self) -> int:
        """Return the number of dimensions."""
        return int(self.vectors.shape[1])

    def get_vector(self, key: str, norm: bool = False) -> NDArray[np.float32]:
        """Return the vector of a word, read-only; with subwords, of an unseen word too.

        Parameters
        ----------
        key
            The word; case-sensitive.
        norm
            Normalise it to length 1; zeros stay zeros.

        Raises
        ------
        MissingWordError
            If the word has no vector. It is a `DataError` and, as in gensim, a `KeyError`.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> table = mt2st.WordVectors(["a", "b"], np.array([[3, 4], [0, 2]], np.float32))
        >>> table.get_vector("a"), table.get_vector("a", norm=True)
        (array([3., 4.], dtype=float32), array([0.6, 0.8], dtype=float32))
        """
        at = self._place(key)
        vector = self.vectors[at] if at is not None else self._unseen(key)
        vector = unit(vector) if norm else vector.view()
        vector.setflags(write=False)
        return vector

    def get_index(self, key: str, default: int | None = None) -> int:
        """Return the row of a word; if it has none, ``default``, or raise `MissingWordError` if that is None.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> table = mt2st.WordVectors(["a", "b"], np.eye(2, dtype=np.float32))
        >>> table.get_index("b"), table.get_index("c", default=-1)
        (1, -1)
        """
        at = self._place(key)
        found = default if at is None else at
        if found is None:
            raise self._missing(key)
        return found

    def has_index_for(self, key: str) -> bool:
        """Return whether a word has a row, which an unseen word with n-grams does not.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> mt2st.WordVectors(["a", "b"], np.eye(2, dtype=np.float32)).has_index_for("c")
        False
        """
        return isinstance(key, str) and key in self.key_to_index

    def get_vecattr(self, key: str, attr: str = "count") -> int:
        """Return a word's ``"count"``; raise `DataError` if these vectors have no counts.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> mt2st.WordVectors(["a", "b"], np.eye(2, dtype=np.float32), counts=[7, 3]).get_vecattr("a", "count")
        7
        """
        if attr != "count":
            raise ConfigError(f"attr must be 'count', all that is kept of a word beside its vector: {attr!r} found")
        if self.counts is None:
            raise DataError("these vectors have no counts: load them from a file that keeps them, or give counts=")
        return int(self.counts[self.get_index(key)])

    def _place(self, word: str) -> int | None:
        if not isinstance(word, str):
            raise DataError(
                f"a word is a string, {word!r} found: a row's word is in index_to_key, its vector in vectors"
            )
        return self.key_to_index.get(word)

    def _unseen(self, word: str) -> NDArray[np.float32]:
        if self.subwords is None:
            raise self._missing(word)
        vector = self.subwords.unseen(word)
        if vector is None:
            lengths = f"{self.subwords.min_n} to {self.subwords.max_n}"
            raise self._missing(word, f"is not known and has no n-gram of {lengths} characters: take a longer word")
        return vector

    def _missing(self, word: str, why: str = "") -> MissingWordError:
        why = why or f"is not among the {counted(len(self), 'word')}: check its spelling and its case"
        return MissingWordError(f"the word {word!r} {why}", word=word, words=self.index_to_key[:NEAR])

    def fill_norms(self, force: bool = False) -> None:
        """Compute the norms of all vectors, once; with ``force`` again, after vectors were changed in place.

        Raises
        ------
        DataError
            If a vector contains NaN or infinity.
        """
        if force:
            self._lengths = self._normed = None
        self._lengths = self.lengths

    @property
    def lengths(self) -> NDArray[np.float32]:
        """Return the Euclidean norm of each vector, (words,), 1 for zeros."""
        if self._lengths is None:
            self._lengths = divisors(self.vectors)
        return self._lengths

    def get_normed_vectors(self) -> NDArray[np.float32]:
        """Return all vectors at length 1, read-only, (words, vector_size): a copy, cached on the first call.

        Examples
        --------
        >>> import mt2st, numpy as np
        >>> mt2st.WordVectors(["a", "b"], np.array([[3, 4], [0, 2]], np.float32)).get_normed_vectors()
        array([[0.6, 0.8],
               [0. , 1. ]], dtype=float32)
        """
        lengths = self.lengths
        if self._normed is None:
            self._normed = self.vectors / lengths[:, None]
            self._normed.setflags(write=False)
        return self._normed
