"""Scores of texts by a linear model, straight from their columns."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, void

from mt2st.native import Floats, Numbers, Places, kernel, read_only


@kernel(
    float32(read_only(int32), int64, int64, read_only(float32), int32[::1], read_only(float32, 2), float32[::1]),
    inner=True,
)
def sum_columns(
    columns: Numbers, start: int, stop: int, idf: Floats, counts: Numbers, weights: Floats, sums: Floats
) -> np.float32:
    """Write what the columns of a text say, each by its TF-IDF weight, to ``sums``; return the sum of squared weights.

    ``counts`` holds zeros, one a column, and does so again afterwards.
    """
    sums[:] = 0
    squares = np.float32(0)
    for i in range(start, stop):
        counts[columns[i]] += 1
    for i in range(start, stop):
        column = columns[i]
        count = counts[column]
        if count == 0:
            continue
        counts[column] = 0
        value = idf[column]
        if count > 1:
            value *= np.float32(1) + np.log(np.float32(count))
        squares += value * value
        for k in range(sums.shape[0]):
            sums[k] += value * weights[column, k]
    return squares


@kernel(
    void(
        *(read_only(int32), read_only(int64), read_only(float32), int32[::1]),
        *(read_only(float32, 2), read_only(float32, 2), read_only(float32), float32[:, ::1]),
    )
)
def add_scores(
    columns: Numbers,
    offsets: Places,
    idf: Floats,
    counts: Numbers,
    weights: Floats,
    vector_weights: Floats,
    row_weights: Floats,
    out: Floats,
) -> None:
    """Add each text's scores to ``out``, (texts, outputs); see `mt2st.models.linear_text.LinearText`.

    ``counts`` holds zeros, one a column, and does so again afterwards. The first columns have ``vector_weights``.
    """
    outputs, shared = out.shape[1], row_weights.shape[0]
    sums, means = np.zeros(outputs, np.float32), np.zeros(outputs, np.float32)
    for text in range(offsets.shape[0] - 1):
        start, stop = offsets[text], offsets[text + 1]
        squares, total = sum_columns(columns, start, stop, idf, counts, weights, sums), np.float32(0)
        means[:] = 0
        for i in range(start, stop):
            column = columns[i]
            if column < shared:
                total += row_weights[column]
                for k in range(outputs):
                    means[k] += row_weights[column] * vector_weights[column, k]
        for k in range(outputs):
            if squares > 0:
                out[text, k] += sums[k] / np.sqrt(squares)
            if total > 0:
                out[text, k] += means[k] / total


@kernel(
    void(
        *(read_only(int64), read_only(int64), read_only(int32), read_only(int64), read_only(float32), int32[::1]),
        *(read_only(float32, 2), float32[:, ::1]),
    )
)
def add_ngram_scores(
    words: Places,
    offsets: Places,
    ngrams: Numbers,
    ngram_offsets: Places,
    idf: Floats,
    counts: Numbers,
    weights: Floats,
    out: Floats,
) -> None:
    """Add what the n-grams of each text's words say to ``out``, (texts, outputs).

    Text t is ``words[offsets[t]:offsets[t + 1]]``, word w has the columns ``ngrams[ngram_offsets[w]:ngram_offsets[w +
    1]]``; ``counts`` as of `add_scores`.
    """
    outputs, most = out.shape[1], 0
    for text in range(offsets.shape[0] - 1):
        size = 0
        for i in range(offsets[text], offsets[text + 1]):
            size += ngram_offsets[words[i] + 1] - ngram_offsets[words[i]]
        most = max(most, size)
    columns, sums = np.empty(most, np.int32), np.zeros(outputs, np.float32)
    for text in range(offsets.shape[0] - 1):
        size = 0
        for i in range(offsets[text], offsets[text + 1]):
            for j in range(ngram_offsets[words[i]], ngram_offsets[words[i] + 1]):
                columns[size] = ngrams[j]
                size += 1
        squares = sum_columns(columns, 0, size, idf, counts, weights, sums)
        if squares > 0:
            for k in range(outputs):
                out[text, k] += sums[k] / np.sqrt(squares)
