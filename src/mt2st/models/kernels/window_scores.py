"""Scores of tags, from the hidden layer and from hashed features, and their gradients."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types, uint64

from mt2st.models.kernels.adagrad import LEAST
from mt2st.models.kernels.window import chance
from mt2st.models.kernels.window_parts import HEAD, SENTENCES, SIGHT, Head, Sentences, Sight
from mt2st.native import Floats, kernel

KEPT = np.uint64(0xD1342543DE82EF95)


@kernel(types.void(HEAD, SIGHT, int64, float32[:, ::1]), inner=True)
def score_hidden(head: Head, sight: Sight, tokens: int, scores: Floats) -> None:
    """Write ``s_t = V hidden_t + c``."""
    size = sight.hidden.shape[1]
    for t in range(tokens):
        hidden = sight.hidden[t]
        for k in range(head.emit.shape[0]):
            row = head.emit[k]
            found = row[size]
            for h in range(size):
                found += row[h] * hidden[h]
            scores[t, k] = found


@kernel(types.void(HEAD, SENTENCES, int64, int64, float32[:, ::1], float32[:, ::1]), inner=True)
def score_features(head: Head, data: Sentences, start: int, tokens: int, kept: Floats, scores: Floats) -> None:
    """Add each feature's row, times its factor in ``kept``, (tokens, features), to its token's scores."""
    for t in range(tokens):
        for f in range(data.features.shape[1]):
            times, row = kept[t, f], head.features[data.features[start + t, f]]
            if times != 0:
                for k in range(row.shape[0]):
                    scores[t, k] += times * row[k]


@kernel(types.void(int64, float32, uint64, float32[:, ::1]), inner=True)
def draw_kept(tokens: int, drop: np.float32, key: np.uint64, kept: Floats) -> None:
    """Write the dropout factors of features: 0 for a share of them, and for the rest the factor that keeps the mean."""
    scale, size = np.float32(1) / (np.float32(1) - drop), kept.shape[1]
    for t in range(tokens):
        for f in range(size):
            kept[t, f] = scale if chance(key + KEPT, t * size + f) >= drop else np.float32(0)


@kernel(types.void(HEAD, SIGHT, int64, float32[:, ::1], float32[:, ::1]), inner=True)
def emit_backward(head: Head, sight: Sight, tokens: int, errors: Floats, gradient: Floats) -> None:
    """Write the gradient of the hidden layer, and add that of ``emit``, from the scores' gradient ``errors``."""
    size = sight.hidden.shape[1]
    for t in range(tokens):
        hidden, slopes = sight.hidden[t], sight.slopes[t]
        for h in range(size):
            slopes[h] = 0
        for k in range(head.emit.shape[0]):
            error, row, change = errors[t, k], head.emit[k], gradient[k]
            for h in range(size):
                slopes[h] += error * row[h]
                change[h] += error * hidden[h]
            change[size] += error


@kernel(types.void(HEAD, HEAD, SENTENCES, int64, int64, float32[:, ::1], float32[:, ::1], float32), inner=True)
def step_features(
    head: Head, squares: Head, data: Sentences, start: int, tokens: int, kept: Floats, errors: Floats, rate: np.float32
) -> None:
    """Step with the rows of all features that were kept, by AdaGrad."""
    for t in range(tokens):
        for f in range(data.features.shape[1]):
            times, number = kept[t, f], data.features[start + t, f]
            if times != 0:
                row, square = head.features[number], squares.features[number]
                for k in range(row.shape[0]):
                    slope = times * errors[t, k]
                    square[k] += slope * slope
                    row[k] -= rate * slope / np.sqrt(square[k] + LEAST)
