"""AdaGrad: a step is divided by the root of the sum of squared gradients so far, per number or per row."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types

from mt2st.models.kernels.window_parts import ENCODER, SIGHT, Encoder, Sight
from mt2st.native import Floats, kernel

# Added to the sum, so that a first step with a tiny gradient is not of full size.
LEAST = np.float32(1e-6)


@kernel(types.void(float32[:, ::1], float32[:, ::1], float32[:, ::1], float32))
def step_all(values: Floats, squares: Floats, gradient: Floats, rate: np.float32) -> None:
    """Change values by ``-rate * g / sqrt(sum of g^2)``, number by number, and set the gradient to 0."""
    for i in range(values.shape[0]):
        value, square, slope = values[i], squares[i], gradient[i]
        for j in range(value.shape[0]):
            square[j] += slope[j] * slope[j]
            value[j] -= rate * slope[j] / np.sqrt(square[j] + LEAST)
            slope[j] = 0


@kernel(types.void(float32[:, ::1], float32[:, ::1], int64, float32[::1], int64, float32), inner=True)
def step_row(values: Floats, squares: Floats, row: int, pull: Floats, start: int, rate: np.float32) -> None:
    """Step with a row by the gradient ``pull`` from ``start`` on; squares, (rows, 1), are means over the row."""
    value, size = values[row], values.shape[1]
    total = np.float32(0)
    for d in range(size):
        total += pull[start + d] * pull[start + d]
    squares[row, 0] += total / np.float32(size)
    step = rate / np.sqrt(squares[row, 0] + LEAST)
    for d in range(size):
        value[d] -= step * pull[start + d]


@kernel(types.void(ENCODER, ENCODER, int64, SIGHT, float32, float32), inner=True)
def step_words(
    encoder: Encoder, squares: Encoder, places: int, sight: Sight, table_rate: np.float32, rate: np.float32
) -> None:
    """Step with the rows of the table, and of looks, of every place."""
    size = encoder.table.shape[1]
    for place in range(places):
        pull = sight.pull[place]
        if table_rate > 0:
            step_row(encoder.table, squares.table, sight.rows[place, 0], pull, 0, table_rate)
        for f in range(1, sight.rows.shape[1]):
            step_row(encoder.looks, squares.looks, sight.rows[place, f], pull, size, rate)
