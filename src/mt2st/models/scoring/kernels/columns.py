"""Counting the columns of one text, and summing their contributions to the scores."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, void

from mt2st.embeddings.kernels.ngrams import continues, marked, write_first
from mt2st.models.columns.kernels import find_key
from mt2st.models.columns.ngrams import LENGTHS
from mt2st.models.columns.tokens import Bytes
from mt2st.models.scoring.kernels.arrays import Arrays
from mt2st.models.scoring.names import COUNT, FREQUENCY, SAID
from mt2st.native import Floats, Numbers, kernel

MIN_N, MAX_N, BUCKET = LENGTHS["min_n"], LENGTHS["max_n"], np.uint32(LENGTHS["bucket"])


@kernel(int64(int64, int32[::1], int32[::1], int64), inner=True)
def meet(column: int, counts: Numbers, met: Numbers, number: int) -> int:
    """Count one more occurrence of a column; return the number of different ones so far."""
    if counts[column] == 0:
        met[number] = column
        number += 1
    counts[column] += 1
    return number


@kernel(int64(int64, float32[:, ::1], int32[::1], int64), inner=True)
def meet_ngram(row: int, rows: Floats, met: Numbers, number: int) -> int:
    """Count one more occurrence of an n-gram; return the number of different ones so far."""
    if rows[row, COUNT] == 0:
        met[number] = row
        number += 1
    rows[row, COUNT] += 1
    return number


@kernel("", inline="always")
def meet_shared(column: int, model: Arrays) -> np.float32:
    """Add the contribution of a column's vector, if it has one, to the sums; return the vector's weight."""
    count = np.float32(0)
    if column < model.row_weights.shape[0]:
        count = model.row_weights[column]
        for k in range(model.sums.shape[0]):
            model.sums[k] += count * model.vector_weights[column, k]
    return count


@kernel("", inline="always")
def meet_ngrams(text: Bytes, start: int, stop: int, word: int, model: Arrays, number: int) -> int:
    """Count the n-grams of a word; for an unknown word, -1, only those that known words have too."""
    if word >= 0:
        for i in range(model.ngram_offsets[word], model.ngram_offsets[word + 1]):
            number = meet_ngram(model.ngram_columns[i], model.ngram_rows, model.ngram_met, number)
        return number
    length = stop - start
    for first in range(length + 2):
        if continues(marked(text, start, length, first)):
            continue
        for i in range(write_first(text, start, length + 2, first, MIN_N, MAX_N, BUCKET, model.few, 0)):
            column = find_key(np.uint64(model.few[i]), model.buckets, model.bucket_columns)
            if column >= 0:
                number = meet_ngram(column, model.ngram_rows, model.ngram_met, number)
    return number


@kernel(float32(float32, float32), inner=True)
def tfidf(count: np.float32, idf: np.float32) -> np.float32:
    """Return ``(1 + log(count)) * idf``."""
    return idf if count == 1 else idf * (np.float32(1) + np.log(count))


@kernel("", inline="always")
def add_scaled(sums: Floats, squares: np.float32, out: Floats) -> None:
    """Add sums to scores after scaling the values to length 1."""
    if squares > 0:
        for k in range(sums.shape[0]):
            out[k] += sums[k] / np.sqrt(squares)


@kernel(void(int32[::1], int64, float32[::1], int32[::1], float32[:, ::1], float32[::1], float32[::1]), inner=True)
def add_columns(
    met: Numbers, number: int, idf: Floats, counts: Numbers, weights: Floats, sums: Floats, out: Floats
) -> None:
    """Add the contributions of the words and pairs met, by their TF-IDF weights, and reset their counts to 0."""
    sums[:] = 0
    squares = np.float32(0)
    for i in range(number):
        column = met[i]
        value = tfidf(np.float32(counts[column]), idf[column])
        counts[column] = 0
        squares += value * value
        for k in range(sums.shape[0]):
            sums[k] += value * weights[column, k]
    add_scaled(sums, squares, out)


@kernel(void(int32[::1], int64, float32[:, ::1], float32[::1], float32[::1]), inner=True)
def add_ngrams(met: Numbers, number: int, rows: Floats, sums: Floats, out: Floats) -> None:
    """Add the contributions of the n-grams met, as in `add_columns`."""
    sums[:] = 0
    squares = np.float32(0)
    for i in range(number):
        row = met[i]
        value = tfidf(rows[row, COUNT], rows[row, FREQUENCY])
        rows[row, COUNT] = 0
        squares += value * value
        for k in range(sums.shape[0]):
            sums[k] += value * rows[row, SAID + k]
    add_scaled(sums, squares, out)
