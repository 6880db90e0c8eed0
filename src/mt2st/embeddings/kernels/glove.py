"""GloVe's weighted least squares with AdaGrad, a record at a time.

The loops over a row's width are plain: LLVM vectorises them on any processor. Memory decides the speed: rows are
prefetched some records ahead, and records of one row are adjacent.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.finite import is_finite
from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.native import Floats, Numbers, kernel

# Number of records ahead that rows are prefetched: memory answers in less time.
AHEAD = 16

# Stanford's bound of a coordinate's gradient: without it, vectors that other tasks made long would diverge.
CLIP = np.float32(100)

# Offsets of a word's bias and the bias's squared gradients in its history row, after those of its vector.
BIAS, BIAS_SQUARES, TAIL = 0, 1, 2


@kernel("void(float32[:,::1], int64)", inline="always")
def prefetch_row(table: Floats, row: int | np.int64) -> None:
    """Prefetch all of a row."""
    size = 4 * table.shape[1]
    prefetch(address(table) + row * size, size)


@kernel("float32(float32[::1], float32[::1])", inline="always")
def dot(vector: Floats, context: Floats) -> np.float32:
    """Return the dot product of two rows."""
    total = np.float32(0)
    for d in range(vector.shape[0]):
        total += vector[d] * context[d]
    return total


@kernel("float32(float32, float32)", inline="always")
def clipped(value: np.float32, bound: np.float32) -> np.float32:
    """Return a value, clipped to ±bound."""
    return min(max(value, -bound), bound)


@kernel("void(float32[::1], float32[::1], float32[::1], float32[::1], float32, float32)", inline="always")
def move_rows(
    vector: Floats, context: Floats, squares: Floats, context_squares: Floats, step: np.float32, bound: np.float32
) -> None:
    """Update two rows by AdaGrad."""
    for d in range(vector.shape[0]):
        of_vector, of_context = clipped(step * context[d], bound), clipped(step * vector[d], bound)
        vector[d] -= of_vector / np.sqrt(squares[d])
        context[d] -= of_context / np.sqrt(context_squares[d])
        squares[d] += of_vector * of_vector
        context_squares[d] += of_context * of_context


@kernel("void(float32[::1], int64, float32)", inline="always")
def move_bias(history: Floats, width: int, step: np.float32) -> None:
    """Update a bias by AdaGrad."""
    history[width + BIAS] -= step / np.sqrt(history[width + BIAS_SQUARES])
    history[width + BIAS_SQUARES] += step * step


@kernel(
    "Tuple((float64, int64))(float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1],"
    " Array(int32, 1, 'C', True), Array(int32, 1, 'C', True), Array(float32, 1, 'C', True), float32, float32, float32)"
)
def glove_update(
    vectors: Floats,
    contexts: Floats,
    history: Floats,
    context_history: Floats,
    rows: Numbers,
    columns: Numbers,
    values: Floats,
    x_max: np.float32,
    alpha: np.float32,
    rate: np.float32,
) -> tuple[float, int]:
    r"""Train on records in order, fitting ``w_i . c_j + b_i + b_j`` to ``log x_ij``.

    The cost of a record is ``f(x) (w . c + b + b' - log x)^2 / 2`` with ``f(x) = min(1, (x / x_max)^alpha)`` (eq. 8 and
    9). A parameter with gradient g (clipped to ±100 for vectors) changes by ``-rate g / sqrt(s)``, then
    ``s += (rate g)^2``.

    Parameters
    ----------
    vectors, contexts
        (words or more, width) and (words, width): the two tables, trained in place. Columns of zeros in both stay so.
    history, context_history
        (words, width + 2 or more): each row's squared gradients s, then its bias b and the s of the bias.
    rows, columns, values
        (records,) each: i, j and x. Bounds of i and j are not checked here.
    x_max, alpha
        Parameters of f.
    rate
        Learning rate, the task's weight already multiplied in.

    Returns
    -------
    The sum of the costs, and the number of records skipped because their cost was not finite.

    Notes
    -----
    J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", 2014.
    """
    width, records = vectors.shape[1], rows.shape[0]
    log_x_max, half = np.log(x_max), np.float32(0.5)
    total, bad = 0.0, 0
    for t in range(records):
        if t + AHEAD < records:
            row, column = np.int64(rows[t + AHEAD]), np.int64(columns[t + AHEAD])
            prefetch_row(vectors, row)
            prefetch_row(history, row)
            prefetch_row(contexts, column)
            prefetch_row(context_history, column)
        vector, context = vectors[rows[t]], contexts[columns[t]]
        own, other = history[rows[t]], context_history[columns[t]]
        log_x = np.log(values[t])
        difference = dot(vector, context) + own[width + BIAS] + other[width + BIAS] - log_x
        weight = np.exp(alpha * min(log_x - log_x_max, np.float32(0)))
        cost = half * weight * difference * difference
        if not is_finite(cost):
            bad += 1
            continue
        total += np.float64(cost)
        step = rate * weight * difference
        move_rows(vector, context, own, other, step, rate * CLIP)
        move_bias(own, width, step)
        move_bias(other, width, step)
    return total, bad
