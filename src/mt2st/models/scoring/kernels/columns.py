"""Counting the columns of one text, and summing their contributions to the scores."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, uint32, void

from mt2st.embeddings.kernels.ngrams import continues, marked, write_first
from mt2st.models.columns.kernels import expect_key, find_key
from mt2st.models.columns.ngrams import LENGTHS
from mt2st.models.columns.tokens import Bytes
from mt2st.models.scoring.kernels.arrays import Arrays
from mt2st.models.scoring.names import COUNT, FREQUENCY, MOST, SAID, TOGETHER
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


@kernel(int64(uint32, int32[:, ::1], int32[::1], int64), inner=True)
def meet_ngram(row: np.uint32, counts: Numbers, met: Numbers, number: int) -> int:
    """Count one more occurrence of an n-gram; return the number of different ones so far.

    Without a branch, which would wait for the count. Indices without a sign take half the steps, as they cannot be
    meant from an array's end.
    """
    met[np.uint64(number)] = row
    number += int(counts[row, COUNT] == 0)
    counts[row, COUNT] += 1
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


@kernel(int64(int32[::1], int64, int64, int32[:, ::1], int32[::1], int64), inner=True)
def meet_listed(listed: Numbers, start: int, stop: int, counts: Numbers, met: Numbers, number: int) -> int:
    """Count the n-grams of a known word, ``listed[start:stop]``."""
    for i in range(np.uint64(start), np.uint64(stop)):
        number = meet_ngram(np.uint32(listed[i]), counts, met, number)
    return number


@kernel("", inline="always")
def meet_found(text: Bytes, start: int, stop: int, model: Arrays, number: int) -> int:
    """Count those n-grams of an unknown word that known words have too."""
    first, end = 0, stop - start + 2
    while first < end:
        few = 0
        while first < end and few <= TOGETHER - MOST:
            if not continues(marked(text, start, end - 2, first)):
                few = write_first(text, start, end, first, MIN_N, MAX_N, BUCKET, model.few, few)
            first += 1
        for i in range(few):
            expect_key(np.uint64(model.few[i]), model.buckets, model.bucket_columns)
        for i in range(few):
            row = find_key(np.uint64(model.few[i]), model.buckets, model.bucket_columns)
            if row >= 0:
                number = meet_ngram(np.uint32(row), model.ngram_counts, model.ngram_met, number)
    return number


@kernel("", inline="always")
def meet_ngrams(text: Bytes, start: int, stop: int, word: int, model: Arrays, number: int) -> int:
    """Count the n-grams of a word, known or not: -1."""
    if word < 0:
        return meet_found(text, start, stop, model, number)
    first, end = model.ngram_offsets[word], model.ngram_offsets[word + 1]
    return meet_listed(model.ngram_columns, first, end, model.ngram_counts, model.ngram_met, number)


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
    """Add the contributions of the words and pairs met, by their TF-IDF weights, and reset their counts to 0.

    The first sum, of two classes the only one, stays in a register: a step need not wait for the last one's store.
    """
    sums[:] = 0
    squares = first = np.float32(0)
    for i in range(number):
        column = np.uint32(met[i])
        value = tfidf(np.float32(counts[column]), idf[column])
        counts[column] = 0
        squares += value * value
        first += value * weights[column, 0]
        for k in range(1, sums.shape[0]):
            sums[k] += value * weights[column, k]
    sums[0] = first
    add_scaled(sums, squares, out)


@kernel(void(int32[::1], int64, float32[:, ::1], int32[:, ::1], float32[::1], float32[::1]), inner=True)
def add_ngrams(met: Numbers, number: int, rows: Floats, counts: Numbers, sums: Floats, out: Floats) -> None:
    """Add the contributions of the n-grams met, as in `add_columns`."""
    sums[:] = 0
    squares = first = np.float32(0)
    for i in range(number):
        row = np.uint32(met[i])
        value = tfidf(np.float32(counts[row, COUNT]), rows[row, FREQUENCY])
        counts[row, COUNT] = 0
        squares += value * value
        first += value * rows[row, SAID]
        for k in range(1, sums.shape[0]):
            sums[k] += value * rows[row, SAID + k]
    sums[0] = first
    add_scaled(sums, squares, out)
