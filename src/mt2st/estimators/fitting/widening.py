"""Adding columns for further labelled texts to a fitted model, whose words and pairs keep their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.fitted import Fitted, Vectors
from mt2st.estimators.fitting.helpers import Helpers
from mt2st.models.columns import TextColumns
from mt2st.models.columns.build import MANY_WORDS
from mt2st.models.columns.columns import inverse_frequency, ngram_frequency
from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.pairs import Pairs, pair_keys

Row = TypeVar("Row", bound=np.generic)


def widened(fitted: Fitted, texts: Sequence[str], earlier: int, *, pairs: bool) -> tuple[Fitted, TextColumns]:
    """Return the model with helpers, vectors and masks extended to the columns of all labelled texts, and the columns.

    New words and pairs have no vector, and no scores from auxiliaries. The IDF of a column is from the labelled texts,
    or, if other texts have it too, from all texts of the first fit.

    Parameters
    ----------
    fitted
        The model so far.
    texts, earlier
        All labelled texts, and the number of first ones to which the model was fitted.
    pairs
        Whether new pairs get columns.
    """
    before = fitted.model.columns
    columns = _columns(before, texts, pairs=pairs)
    words, more = len(before.words), len(columns.words) - len(before.words)
    sizes = [len(columns), *([] if columns.ngrams is None else [len(columns.ngrams)])]
    # N-grams are numbered in the order of their first word, so those of earlier words keep their numbers.
    firsts = [words, len(before.ngrams or ())]
    masks = [
        _spread(mask, first, more, size) for mask, first, size in zip(fitted.elsewhere, firsts, sizes, strict=False)
    ]
    columns.idf = _idf(columns.idf, _spread(before.idf, words, more, len(columns)), masks[0], earlier, len(texts))
    if columns.ngram_idf is not None and before.ngram_idf is not None:
        known = _spread(before.ngram_idf, firsts[1], 0, sizes[1])
        columns.ngram_idf = _idf(columns.ngram_idf, known, masks[1], earlier, len(texts))
    helpers = fitted.helpers and _of_helpers(fitted.helpers, len(before), words, more, sizes)
    vectors = fitted.vectors and _of_vectors(fitted.vectors, words, more)
    return replace(fitted, helpers=helpers, vectors=vectors, elsewhere=masks), columns


def _columns(before: TextColumns, texts: Sequence[str], *, pairs: bool) -> TextColumns:
    """Return the earlier columns and the new ones, with their IDF in ``texts``."""
    unknown = before.number(texts)
    least = 2 if len(unknown.ids.ids) > MANY_WORDS else 1
    words = [*before.words, *(word for word, count in Counter(unknown.unknown).items() if count >= least)]
    bare = TextColumns(words, before.pairs, np.empty(0, np.float32))
    numbered = bare.number(texts)
    keys, counts = np.unique(pair_keys(numbered.ids), return_counts=True)
    new = np.setdiff1d(keys[counts >= least], before.pairs.keys) if pairs else keys[:0]
    found = TextColumns(words, Pairs(np.concatenate([before.pairs.keys, new]), len(words)), bare.idf)
    size = len(words) + len(found.pairs)
    found.idf = inverse_frequency([found.columns(numbered)], size, len(texts))
    if before.ngrams is not None:
        found.ngrams = NGrams(words)
        found.ngram_idf = ngram_frequency(found.ngrams, numbered, len(texts))
    return found


def _spread(values: NDArray[Row], first: int, more: int, size: int) -> NDArray[Row]:
    """Return values with ``more`` zeros inserted after the ``first`` values, and zeros at the end up to ``size``.

    Examples
    --------
    >>> _spread(np.array([1, 2, 3]), 2, 1, 5)
    array([1, 2, 0, 3, 0])
    """
    found = np.zeros((size, *values.shape[1:]), values.dtype)
    found[:first], found[first + more : len(values) + more] = values[:first], values[first:]
    return found


def _idf(
    own: NDArray[np.float32], before: NDArray[np.float32], elsewhere: NDArray[np.bool_], earlier: int, now: int
) -> NDArray[np.float32]:
    """Return ``own`` IDF, but for columns that are elsewhere the earlier IDF, adapted to more labelled texts.

    The share of texts is recovered by inverting `mt2st.models.columns.columns.smooth`, which made IDF of it.
    """
    share = np.maximum((1 + earlier) * np.exp(1 - before.astype(np.float64)) - 1, 0) / earlier
    again = 1 + np.log((1 + now) / (1 + share * now))
    return np.where(elsewhere, again, own).astype(np.float32)


def _of_helpers(helpers: Helpers, columns: int, words: int, more: int, sizes: Sequence[int]) -> Helpers:
    own, grams = np.split(helpers.weights, [columns])
    parts = [_spread(own, words, more, sizes[0])]
    parts += [_spread(grams, len(grams), 0, size) for size in sizes[1:]]
    return replace(helpers, weights=np.concatenate(parts))


def _of_vectors(vectors: Vectors, words: int, more: int) -> Vectors:
    """Insert rows of weight 0 for new words into the table, as the rows of pairs follow those of all words."""
    rows = len(vectors.table) + more
    table, weights = (_spread(values, words, more, rows) for values in (vectors.table, vectors.row_weights))
    return replace(vectors, table=table, row_weights=weights)
