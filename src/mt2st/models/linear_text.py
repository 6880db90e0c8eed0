"""The finished classifier: a linear model with a weight of each word, pair and n-gram for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.models.columns import Numbered, TextColumns
from mt2st.models.columns.pairs import FIRST, join_keys
from mt2st.models.scoring.scorer import TextScorer
from mt2st.pickled import PickledAsMade
from mt2st.text import Ragged

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LinearText(PickledAsMade):
    """Scores texts.

    With q_c the TF-IDF weight of column c in a text, each block of length 1:

        score_k = bias_k + sum_c q_c weights_ck + sum_g q_g ngram_weights_gk
                  + sum_i row_weights_i vector_weights_ik / sum_i row_weights_i

    As the head is linear, a learned vector contributes one number per class: no vectors are needed for prediction.

    Attributes
    ----------
    columns
        The columns of texts.
    weights, ngram_weights
        (columns, outputs) and (n-grams, outputs), float32; the latter empty if there are no n-grams.
    vector_weights, row_weights
        (shared rows, outputs) and (shared rows,); empty if there are no vectors.
    bias
        (outputs,).
    """

    columns: TextColumns
    weights: Floats
    ngram_weights: Floats
    vector_weights: Floats
    row_weights: Floats
    bias: Floats

    @cached_property
    def _scorer(self) -> TextScorer:
        return TextScorer(self)

    def check(self) -> None:
        """Raise a `DataError` for arrays whose shapes do not fit, as compiled code would read beyond their ends."""
        columns, outputs = self.columns, len(self.bias)
        idf = np.empty(0, np.float32) if columns.ngram_idf is None else columns.ngram_idf
        shapes = [
            (columns.idf, (len(columns.words) + len(columns.pairs),)),
            (self.weights, (len(columns), outputs)),
            (self.ngram_weights, (len(idf), outputs)),
            (self.vector_weights, (len(self.row_weights), outputs)),
        ]
        kinds = {array.dtype for array in (columns.idf, idf, self.weights, self.ngram_weights, self.vector_weights)}
        if any(array.shape != shape for array, shape in shapes) or kinds != {np.dtype(np.float32)}:
            raise DataError("the model's files do not belong together: copy it again")
        _ = self._scorer  # which checks the n-grams

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the scores of texts, (texts, outputs)."""
        return self._scorer.scores(texts)

    def contributions(self, text: str) -> tuple[list[str], NDArray[np.float64]]:
        """Return a text's words, known or not, and the contribution of each to each score, (words, outputs).

        The contribution of a pair is divided between its two words; that of n-grams belongs to their word. With the
        bias, all contributions sum to the scores.
        """
        numbered = self.columns.number([text])
        ids, unknown = numbered.ids.ids, iter(numbered.unknown)
        words = [self.columns.words[i] if i >= 0 else next(unknown) for i in ids.tolist()]
        found = np.zeros((len(words), len(self.bias)))
        self._explain_words(numbered, found)
        if self.columns.ngram_idf is not None:
            self._explain_ngrams(numbered, found)
        return words, found

    def _explain_words(self, numbered: Numbered, found: NDArray[np.float64]) -> None:
        columns = self.columns.columns(numbered).ids
        said = _tfidf(columns, self.columns.idf)[:, None] * self.weights[columns]
        shared = columns < len(self.row_weights)
        rows = columns[shared]
        total = self.row_weights[rows].sum()
        if total > 0:
            said[shared] += (self.row_weights[rows] / total)[:, None] * self.vector_weights[rows]
        for places in _places(self.columns, numbered):
            np.add.at(found, places, said / 2)

    def _explain_ngrams(self, numbered: Numbered, found: NDArray[np.float64]) -> None:
        one_each = Numbered(Ragged(numbered.ids.ids, np.arange(len(numbered.ids.ids) + 1)), numbered.unknown)
        ngrams = self.columns.ngram_columns(one_each)
        if self.columns.ngram_idf is None or not len(ngrams.ids):
            return
        values = _tfidf(ngrams.ids, self.columns.ngram_idf)
        owners = np.repeat(np.arange(len(ngrams)), ngrams.lengths)
        np.add.at(found, owners, values[:, None] * self.ngram_weights[ngrams.ids])


def _tfidf(columns: NDArray[np.int32], idf: Floats) -> NDArray[np.float64]:
    """Return the value of each occurrence of a column: the column's TF-IDF divided by its number of occurrences."""
    kinds, inverse, counts = np.unique(columns, return_inverse=True, return_counts=True)
    values = (1 + np.log(counts)) * idf[kinds].astype(np.float64)
    length = float(np.sqrt((values**2).sum()))
    shares: NDArray[np.float64] = (values / (length if length > 0 else 1.0) / counts)[inverse]
    return shares


def _places(columns: TextColumns, numbered: Numbered) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two words of each column of a text: for known words the word twice; for known pairs its two words."""
    ids = numbered.ids.ids.astype(np.int64)
    before = np.concatenate([[FIRST], ids[:-1]])
    pairs = np.flatnonzero((before >= 0) & (ids >= 0))
    keys = join_keys(before[pairs], ids[pairs])
    second = pairs[np.isin(keys, columns.pairs.keys)]
    words = np.flatnonzero(ids >= 0)
    return np.concatenate([words, np.maximum(second - 1, 0)]), np.concatenate([words, second])
