"""The hidden layer over a window of words: its inputs, its outputs, and their gradients."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types, uint64

from mt2st.embeddings.kernels.draws import random_bits
from mt2st.models.kernels.feature_rows import kind_at
from mt2st.models.kernels.window_parts import ENCODER, SENTENCES, SIGHT, Encoder, Sentences, Sight
from mt2st.native import Floats, kernel

DROPPED = np.uint64(0x632BE59BD9B4E019)


@kernel(float32(uint64, int64), inline="always")
def chance(key: np.uint64, draw: int) -> np.float32:
    """Return a number drawn uniformly from [0, 1)."""
    return np.float32(random_bits(key, draw) >> np.uint64(40)) * np.float32(2.0**-24)


@kernel(int64(ENCODER), inner=True)
def reach_of(encoder: Encoder) -> int:
    """Return the number of words on either side in the window."""
    return encoder.weights.shape[0] // (encoder.table.shape[1] + encoder.looks.shape[1]) // 2


@kernel(types.void(ENCODER, SIGHT, int64), inner=True)
def gather(encoder: Encoder, sight: Sight, place: int) -> None:
    """Write the vector of a place: that of its word, then the sum of those of its surface features."""
    size, out = encoder.table.shape[1], sight.vectors[place]
    row = encoder.table[sight.rows[place, 0]]
    for d in range(size):
        out[d] = row[d]
    for d in range(encoder.looks.shape[1]):
        out[size + d] = 0
    for f in range(1, sight.rows.shape[1]):
        look = encoder.looks[sight.rows[place, f]]
        for d in range(look.shape[0]):
            out[size + d] += look[d]


@kernel(types.void(ENCODER, SENTENCES, int64, int64, float32, uint64, SIGHT), inner=True)
def see(
    encoder: Encoder, data: Sentences, start: int, stop: int, drop: np.float32, key: np.uint64, sight: Sight
) -> None:
    """Find the rows and vectors of all places of a sentence, including those before and after it in the window.

    A word that occurs n times is replaced by an unknown one with probability ``drop / (drop + n)``.
    """
    reach = reach_of(encoder)
    for place in range(stop - start + 2 * reach):
        kind = kind_at(data.kinds, start + place - reach, start, stop)
        row, count = data.words[kind, 0], np.float32(data.words[kind, 1])
        if drop > 0 and kind > 0 and chance(key + DROPPED, place) * (drop + count) < drop:
            row = np.int32(0)
        sight.rows[place, 0] = row
        for f in range(data.surface.shape[1]):
            sight.rows[place, 1 + f] = data.surface[kind, f]
        gather(encoder, sight, place)


@kernel(types.void(ENCODER, int64, SIGHT), inner=True)
def forward(encoder: Encoder, tokens: int, sight: Sight) -> None:
    """Write ``hidden[t] = max(0, W [v_t-reach, ..., v_t+reach] + b)``, without dropout."""
    width, size = sight.vectors.shape[1], encoder.weights.shape[1]
    window = encoder.weights.shape[0] // width
    for t in range(tokens):
        hidden = sight.hidden[t]
        for h in range(size):
            hidden[h] = encoder.bias[0, h]
        for p in range(window):
            vector = sight.vectors[t + p]
            for d in range(width):
                value, weights = vector[d], encoder.weights[p * width + d]
                for h in range(size):
                    hidden[h] += value * weights[h]
        for h in range(size):
            hidden[h] = max(hidden[h], np.float32(0))


@kernel(types.void(int64, float32, uint64, SIGHT), inner=True)
def drop_hidden(tokens: int, drop: np.float32, key: np.uint64, sight: Sight) -> None:
    """Apply dropout to the hidden layer, and write the derivative of each unit's dropout and ReLU to ``passed``."""
    scale, size = np.float32(1) / (np.float32(1) - drop), sight.hidden.shape[1]
    for t in range(tokens):
        for h in range(size):
            times = scale if chance(key, t * size + h) >= drop else np.float32(0)
            sight.passed[t, h] = times if sight.hidden[t, h] > 0 else np.float32(0)
            sight.hidden[t, h] *= times


@kernel(types.void(ENCODER, int64, SIGHT, float32[:, ::1], float32[:, ::1]), inner=True)
def backward(encoder: Encoder, tokens: int, sight: Sight, to_weights: Floats, to_bias: Floats) -> None:
    """Add the gradients of weights and bias, and write those of vectors, from the hidden layer's, ``slopes``."""
    width, size = sight.vectors.shape[1], encoder.weights.shape[1]
    window = encoder.weights.shape[0] // width
    for place in range(tokens + window - 1):
        for d in range(width):
            sight.pull[place, d] = 0
    for t in range(tokens):
        slopes = sight.slopes[t]
        for h in range(size):
            slopes[h] *= sight.passed[t, h]
            to_bias[0, h] += slopes[h]
        for p in range(window):
            vector, pull = sight.vectors[t + p], sight.pull[t + p]
            for d in range(width):
                value, weights, change = vector[d], encoder.weights[p * width + d], to_weights[p * width + d]
                found = np.float32(0)
                for h in range(size):
                    change[h] += value * slopes[h]
                    found += weights[h] * slopes[h]
                pull[d] += found
