"""Scoring texts by compiled code, which gets the addresses of a model's arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.utf8 import join_utf8
from mt2st.errors import DataError
from mt2st.models.columns.ngrams import LENGTHS
from mt2st.models.columns.pairs import empty_table
from mt2st.models.columns.text_bytes import text_bytes
from mt2st.models.scoring import names as at
from mt2st.models.scoring.code import functions
from mt2st.models.scoring.names import CHUNK
from mt2st.models.scoring.workspace import Workspace

if TYPE_CHECKING:
    from mt2st.models.linear_text import LinearText


class TextScorer:
    """Scores texts by a model without copying its arrays, except those of n-grams, so that mapped ones load lazily.

    Threads may share a scorer, as each call has its own workspace.

    Parameters
    ----------
    model
        A finished model, which must not change.

    Raises
    ------
    DataError
        If its arrays do not belong together.
    """

    def __init__(self, model: LinearText) -> None:
        text, places = join_utf8(model.columns.words)
        arrays, sizes = _lay_out(model, text, places)
        ngram_idf = np.empty(0, np.float32) if model.columns.ngram_idf is None else model.columns.ngram_idf
        self._given = arrays, sizes, ngram_idf, model.ngram_weights
        self._free = [Workspace(*self._given)]
        self._score = functions()["score_texts"]
        fill(self._free[0].where, int(sizes[at.NGRAMS]), text, places, model.columns.pairs.keys)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the scores of texts, (texts, outputs)."""
        space = self._free.pop() if self._free else Workspace(*self._given)
        try:
            if len(texts) == 1:
                return self._of_one(texts[0], space)
            chunks = [texts[first : first + CHUNK] for first in range(0, len(texts), CHUNK)]
            return np.concatenate([np.empty((0, space.out.shape[1])), *(self._of_some(own, space) for own in chunks)])
        finally:
            self._free.append(space)

    def _of_one(self, text: str, space: Workspace) -> NDArray[np.float64]:
        found = text_bytes(text)
        space.ends[0] = len(found)
        self._score(space.where, found, 1)
        return space.first.copy()

    def _of_some(self, texts: Sequence[str], space: Workspace) -> NDArray[np.float64]:
        parts = list(map(text_bytes, texts))
        np.cumsum(list(map(len, parts)), out=space.ends[: len(parts)])
        self._score(space.where, b"".join(parts), len(parts))
        return space.out[: len(parts)].copy()


def _lay_out(
    model: LinearText, text: NDArray[np.uint8], places: NDArray[np.int64]
) -> tuple[list[NDArray[Any]], NDArray[np.int64]]:
    """Return a model's arrays and sizes in the order of `mt2st.models.scoring.names`, with empty tables."""
    columns, words = model.columns, len(places) - 1
    ngrams = 0 if columns.ngram_idf is None else len(columns.ngram_idf)
    offsets = ngram_offsets(text, places) if ngrams else np.zeros_like(places)
    tables = [empty_table(number) for number in (words, len(columns.pairs), ngrams)]
    counted = [columns.idf, model.weights, model.vector_weights, model.row_weights, model.bias]
    listed = np.empty(offsets[-1], np.int32)
    arrays = [*(part for table in tables for part in table), *counted, offsets, listed]
    sizes = words, len(columns), len(model.row_weights), len(model.bias), ngrams
    return arrays, np.array([*sizes, *(len(keys) for keys, _ in tables), len(listed)], np.int64)


def ngram_offsets(text: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offsets of each word's n-grams among those of all words, (words + 1,).

    Examples
    --------
    >>> ngram_offsets(*join_utf8(["is", "né"]))  # <is is> <is> and <né né> <né>
    array([0, 3, 6])
    """
    characters = np.append(0, np.cumsum((text & 0xC0) != 0x80))[places]
    lengths = np.arange(LENGTHS["min_n"], LENGTHS["max_n"] + 1)
    numbers = np.maximum(np.diff(characters)[:, None] + 3 - lengths, 0).sum(1)
    return np.append(0, np.cumsum(numbers)).astype(np.int64)


def fill(
    where: int, ngrams: int, text: NDArray[np.uint8], places: NDArray[np.int64], pairs: NDArray[np.uint64]
) -> None:
    """Fill the tables of a model's words, pairs and n-grams; ``where`` is the address of the list of its arrays."""
    functions()["fill_words"](where, text.ctypes.data, places.ctypes.data)
    functions()["fill_pairs"](where, pairs.ctypes.data)
    if ngrams and functions()["number_ngrams"](where, text.ctypes.data, places.ctypes.data) != ngrams:
        raise DataError("the model's files do not belong together: copy it again")
