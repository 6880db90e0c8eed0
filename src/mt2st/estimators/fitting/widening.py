"""Further columns for further labelled texts: a fitted model's columns stay where they are, new ones go behind."""

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
    """Return helpers, vectors and masks for the columns that all labelled texts have, and these columns.

    New words and pairs have no vector, and auxiliaries say nothing of them. Columns are weighed by their frequency in
    the labelled texts; those that other texts have, too, by what it was in all texts.

    Parameters
    ----------
    fitted
        The model so far.
    texts, earlier
        All labelled texts, and how many of them it was fitted to.
    pairs
        Whether new pairs are taken.
    """
    before = fitted.model.columns
    columns = _columns(before, texts, pairs=pairs)
    words, more = len(before.words), len(columns.words) - len(before.words)
    sizes = [len(columns), *([] if columns.ngrams is None else [len(columns.ngrams)])]
    # N-grams are numbered as words first have them, so those of earlier words keep their numbers.
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
    """Return the columns there were and those that are new, weighed by the texts alone."""
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
    """Return values with zeros for so many new ones behind the first, and behind all up to a size.

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
    """Return frequencies in labelled texts, but of columns that are elsewhere those before, as of more labelled texts.

    What `mt2st.models.columns.columns.smooth` made of the share of all texts and n labelled ones is solved for it.
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
    """Return the table with rows that count nothing for new words: pairs' rows come behind those of all words."""
    rows = len(vectors.table) + more
    table, weights = (_spread(values, words, more, rows) for values in (vectors.table, vectors.row_weights))
    return replace(vectors, table=table, row_weights=weights)
