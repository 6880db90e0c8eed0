"""The columns of texts, and their TF-IDF weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.numbering import Numbered, WordNumbers
from mt2st.models.columns.pairs import Pairs
from mt2st.pickled import PickledAsMade
from mt2st.text.ragged import Ragged


@dataclass(frozen=True)
class Weighed:
    """Rows of a sparse matrix.

    Attributes
    ----------
    columns
        The distinct columns of each text.
    values
        Their values, float32, as many as ``columns.ids``; each row has length 1.
    """

    columns: Ragged
    values: NDArray[np.float32]


@dataclass
class TextColumns(PickledAsMade):
    """The columns of words and pairs, and those of n-grams; each of the two is weighted by TF-IDF and has length 1.

    With c the count of a column in a text, n labelled texts and a share d / n of all texts with the column, the value
    is ``(1 + log(c)) * (1 + log((1 + n) / (1 + d)))``: sublinear counts and smooth inverse document frequencies, as in
    scikit-learn.

    Attributes
    ----------
    words
        The words; column w is word w.
    pairs
        The pairs, whose columns follow.
    idf
        Inverse document frequencies of words and pairs, (words + pairs,).
    ngrams
        The n-grams of each word, unknown ones included; None for no n-grams.
    ngram_idf
        Inverse document frequencies of n-grams, (n-grams,).
    """

    words: Sequence[str]
    pairs: Pairs
    idf: NDArray[np.float32]
    ngrams: NGrams | None = None
    ngram_idf: NDArray[np.float32] | None = None

    @cached_property
    def numbers(self) -> WordNumbers:
        """The words' numbers."""
        return WordNumbers(self.words)

    def __len__(self) -> int:
        return len(self.idf)

    def number(self, texts: Iterable[str]) -> Numbered:
        """Return the texts as numbers of their words."""
        return self.numbers.number(texts)

    def rows(self, texts: Iterable[str]) -> TextRows:
        """Return the texts with their columns."""
        return TextRows(self, self.number(texts))

    def columns(self, numbered: Numbered) -> Ragged:
        """Return the columns of each text's known words, then those of its known pairs."""
        return self.pairs.columns(numbered.ids)

    def ngram_columns(self, numbered: Numbered) -> Ragged:
        """Return the n-grams of each text's words, known or not; only n-grams of known words have columns."""
        if self.ngrams is None:
            raise ValueError("there are no n-grams")
        return self.ngrams.columns(numbered)


@dataclass(frozen=True)
class TextRows:
    """Some texts with their columns.

    Attributes
    ----------
    columns
        The columns.
    texts
        The texts as numbers of their words.
    """

    columns: TextColumns
    texts: Numbered

    def __len__(self) -> int:
        return len(self.texts.ids)

    @cached_property
    def words_and_pairs(self) -> Ragged:
        """The columns of each text's known words, then those of its known pairs."""
        return self.columns.columns(self.texts)

    def contents(self) -> list[bytes]:
        """Return the words of each text as a key, equal for texts that differ only in case or spaces."""
        ids, ends = self.texts.ids.ids, self.texts.ids.offsets.tolist()
        return [ids[start:end].tobytes() for start, end in pairwise(ends)]

    def ngrams(self) -> Ragged:
        """Return the n-grams of each text's words; see `TextColumns.ngram_columns`."""
        return self.columns.ngram_columns(self.texts)


def inverse_frequency(columns: Sequence[Ragged], size: int, labelled: int) -> NDArray[np.float32]:
    """Return the smooth inverse document frequency of each of ``size`` columns in several sets of texts; see `smooth`.

    Examples
    --------
    >>> inverse_frequency([Ragged.from_lists([[0, 0], [0, 1]])], 3, 2).round(3)  # 1 + log(3 / (1 + texts))
    array([1.   , 1.405, 2.099], dtype=float32)
    """
    from mt2st.models.columns.kernels import count_texts  # compiles, or loads, kernels

    counts = np.zeros(size, np.int64)
    for part in columns:
        count_texts(part.ids, part.offsets, np.full(size, -1, np.int32), counts)
    return smooth(counts, sum(map(len, columns)), labelled)


def ngram_frequency(ngrams: NGrams, texts: Numbered, labelled: int) -> NDArray[np.float32]:
    """Return the smooth inverse document frequency of each n-gram, (n-grams,); see `smooth`.

    Texts have ten times as many n-grams as words, so these are counted word by word without listing them.
    """
    from mt2st.models.columns.kernels import count_texts_of_parts

    counts, (words, ids) = np.zeros(len(ngrams), np.int64), ngrams.of_words(texts)
    last = np.full(len(ngrams), -1, np.int32)
    count_texts_of_parts(ids, texts.ids.offsets, words.ids, words.offsets, last, counts)
    return smooth(counts, len(texts.ids), labelled)


def smooth(counts: NDArray[np.int64], texts: int, labelled: int) -> NDArray[np.float32]:
    """Return ``1 + log((1 + n) / (1 + counts * n / texts))`` with n the minimum of ``texts`` and ``labelled``.

    Frequencies are from all texts, but limited to what n texts can show: otherwise words that are still rarer would
    outweigh those from which the labels can be learned.

    Examples
    --------
    >>> smooth(np.array([1000, 1]), 1000, 10).round(3)  # 1 + log(11 / (1 + 10)), and 1 + log(11 / (1 + 0.01))
    array([1.   , 3.388], dtype=float32)
    """
    share = min(1.0, labelled / texts)
    return np.asarray(1 + np.log((1 + texts * share) / (1 + counts * share)), np.float32)


def weigh(columns: Ragged, idf: NDArray[np.float32]) -> Weighed:
    """Return each text's columns with their TF-IDF weights, scaled to length 1.

    Examples
    --------
    >>> found = weigh(Ragged.from_lists([[0, 1, 0]]), np.array([1, 2], np.float32))
    >>> found.columns.ids, found.values.round(3)  # (1 + log 2) * 1 and 1 * 2, over their length
    (array([0, 1], dtype=int32), array([0.646, 0.763], dtype=float32))
    """
    from mt2st.models.columns.kernels import weigh_columns

    total = len(columns.ids)
    out, values = np.empty(total, np.int32), np.empty(total, np.float32)
    offsets = np.empty(len(columns) + 1, np.int64)
    end = weigh_columns(columns.ids, columns.offsets, idf, np.zeros(len(idf), np.int32), out, values, offsets)
    return Weighed(Ragged(out[:end].copy(), offsets), values[:end].copy())
