"""Word vectors and their queries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.words.checks import word_list
from mt2st.embeddings.words.habits import Hinting, missing_name
from mt2st.embeddings.words.judgement import judge_analogies, judge_pairs
from mt2st.embeddings.words.queries import WordQueries

__all__ = ["SubwordRows", "WordVectors"]


class WordVectors(WordQueries, metaclass=Hinting):
    """Words and their vectors, with gensim's method names.

    Treat the vectors as fixed: their norms are computed on the first query and cached. After changing them in place
    call ``fill_norms(force=True)``. The array may be a read-only memory map; queries do not copy it.

    Parameters
    ----------
    words
        Distinct strings, most frequent first if counts are known.
    vectors
        float32 (words, vector_size).
    counts
        Count of each word, int64 (words,), if known.
    subwords
        The rows that the vectors are composed of, if they have subwords.
    output
        The output rows of training, float32 (words, vector_size), to continue training from.
    training
        The settings of `mt2st.train_vectors` that they were trained with, by name, if known.

    Raises
    ------
    DataError
        If words are not distinct strings, or an array's shape does not match.

    Examples
    --------
    >>> import numpy as np
    >>> words = ["man", "woman", "king", "queen", "apple"]
    >>> vectors = WordVectors(words, np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32))
    >>> [(word, round(cosine, 3)) for word, cosine in vectors.most_similar(["woman", "king"], ["man"], topn=1)]
    [('queen', 0.88)]
    >>> round(vectors.similarity("man", "woman"), 4), vectors.doesnt_match(["king", "queen", "apple"])
    (0.8165, 'apple')
    >>> len(vectors), vectors.vector_size, "king" in vectors, vectors["king"], vectors.rank("king", "queen")
    (5, 3, True, array([9., 0., 1.], dtype=float32), 1)
    """

    if not TYPE_CHECKING:  # type checkers know the existing names

        def __getattr__(self, name: str) -> Any:
            """Raise `AttributeError`, with the replacement of a name that only gensim's vectors have."""
            raise missing_name(repr(type(self).__name__), name, self)

    def vectors_for_all(self, keys: Iterable[str]) -> WordVectors:
        """Return the vectors of these words only, in order and without duplicates; skip words without a vector.

        With subwords, unseen words are included. Counts are kept, 0 for an unseen word; n-grams and output rows are
        not.

        Parameters
        ----------
        keys
            Words, e.g. the vocabulary of a task. If none has a vector, that is a `MissingWordError`.

        Examples
        --------
        >>> import numpy as np
        >>> vectors = WordVectors(["a", "b", "c"], np.array([[1, 0], [4, 3], [0, 1]], np.float32), counts=[7, 5, 2])
        >>> part = vectors.vectors_for_all(["c", "unknown", "a", "c"])
        >>> part.index_to_key, part.vectors.tolist(), part.counts.tolist()
        (['c', 'a'], [[0.0, 1.0], [1.0, 0.0]], [2, 7])
        """
        words = self._known(list(dict.fromkeys(word_list(keys))))
        counts = None
        if self.counts is not None:
            counts = [self.get_vecattr(word) if self.has_index_for(word) else 0 for word in words]
        return WordVectors(words, self[words], counts=counts)

    def evaluate_word_pairs(
        self,
        pairs: str | Path,
        delimiter: str | None = "\t",
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[tuple[float, float], tuple[float, float], float]:
        r"""Correlate the cosines of word pairs with the scores that people gave them.

        Parameters
        ----------
        pairs
            A file; see `mt2st.evaluation.read_word_pairs`.
        delimiter
            The character between words and score; None to detect it.
        restrict_vocab
            Use only the first so many words. With subwords, the vector of any other word is composed by `get_vector`,
            in lower case if ``case_insensitive``.
        case_insensitive
            Compare words in upper case; of those that differ only in case, use the first.
        dummy4unknown
            Count a pair with a word that has no vector as one of cosine 0, instead of skipping it.

        Returns
        -------
        tuple
            Pearson's and Spearman's correlation, each with its p-value, and the share of pairs without vectors in
            percent.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> vectors = WordVectors(["a", "b", "c"], np.array([[1, 0], [4, 3], [0, 1]], np.float32))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "pairs.tsv")
        ...     _ = path.write_text("a\tb\t9\nb\tc\t5\na\tc\t6\na\tz\t1\n")
        ...     pearson, spearman, oov_ratio = vectors.evaluate_word_pairs(path)
        >>> round(pearson[0], 4), round(spearman[0], 4), oov_ratio
        (0.5, 0.5, 25.0)
        """
        report = judge_pairs(
            self,
            pairs,
            delimiter=delimiter,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )
        return report.pearson, report.spearman, report.oov_ratio

    def evaluate_word_analogies(
        self,
        analogies: str | Path,
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[float, list[dict[str, Any]]]:
        r"""Answer the analogies of a file.

        Parameters
        ----------
        analogies
            A file; see `mt2st.evaluation.read_analogies`.
        restrict_vocab
            Use only the first so many words, in questions and answers.
        case_insensitive, dummy4unknown
            See `mt2st.evaluation.evaluate_analogies`.

        Returns
        -------
        tuple
            The accuracy, 0 if no question was counted, and for each section and for all of them,
            ``"Total accuracy"``, a dictionary with its name, ``section``, and the questions ``correct`` and
            ``incorrect``.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> words = ["man", "woman", "king", "queen"]
        >>> vectors = WordVectors(words, np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1]], np.float32))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "questions.txt")
        ...     _ = path.write_text(": family\nman woman king queen\n")
        ...     score, sections = vectors.evaluate_word_analogies(path)
        >>> score, sections[-1]["correct"]
        (1.0, [('MAN', 'WOMAN', 'KING', 'QUEEN')])
        """
        report = judge_analogies(
            self,
            analogies,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )
        return report.accuracy() or 0.0, report.as_sections()

    def save(self, path: str | Path, *, format: str | None = None) -> None:  # noqa: A002
        """Write a file; see `mt2st.embeddings.formats.save_vectors`."""
        from mt2st.embeddings.formats import save_vectors

        save_vectors(self, path, format=format)

    @classmethod
    def load(cls, path: str | Path, *, format: str | None = None, limit: int | None = None) -> WordVectors:  # noqa: A002
        """Read a file; see `mt2st.embeddings.formats.load_vectors`."""
        from mt2st.embeddings.formats import load_vectors

        return load_vectors(path, format=format, limit=limit)
