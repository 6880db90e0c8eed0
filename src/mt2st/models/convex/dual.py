"""Logistic regression by dual coordinate ascent: one example's multiplier at a time, solved exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.native import Floats, Numbers, Places, kernel

Doubles = NDArray[np.float64]
# Maximum steps of Newton's method on one number, which is kept within shrinking bounds and needs far fewer.
MOST_NEWTON = 30


@kernel("float64(float64, float64, float64, float64)", inner=True)
def best_logit(start: float, margin: float, square: float, cost: float) -> float:
    """Return the root s of ``s + margin + square * cost * (sigmoid(s) - sigmoid(start))``, which increases in s."""
    before = cost / (1 + np.exp(-start))
    low, high = -margin - square * (cost - before), -margin + square * before
    s: float = min(max(start, low), high)
    last = high - low
    for _ in range(MOST_NEWTON):
        share = 1 / (1 + np.exp(-s))
        value = s + margin + square * (cost * share - before)
        if value > 0:
            high = s
        else:
            low = s
        step: float = -value / (1 + square * cost * share * (1 - share))
        if abs(step) < 1e-6:
            return s + step
        # If the sigmoid is flat on both sides, Newton's steps oscillate: halve the interval of the bounds instead.
        if not low < s + step < high or abs(step) > 0.5 * last:
            step = 0.5 * (low + high) - s
        last = abs(step)
        s += step
    return s


@kernel("uint64(int64[::1], uint64)", inner=True)
def shuffle(order: Places, state: np.uint64) -> np.uint64:
    """Shuffle numbers in place, and return the next state of the generator."""
    for i in range(order.shape[0] - 1, 0, -1):
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        j = np.int64((state >> np.uint64(33)) % np.uint64(i + 1))
        order[i], order[j] = order[j], order[i]
    return state


@kernel("void(int64[::1], int64, int32[::1], int64[::1], float32[::1], int64, int64)", inner=True)
def load_ahead(
    order: Places, at: int, columns: Numbers, offsets: Places, values: Floats, weights: int, width: int
) -> None:
    """Start loading, from place ``at`` in the order, the row after the next, and the weights of the next one's columns.

    Rows come in random order: without this, each is waited for. A column has ``width`` bytes at ``weights``.
    """
    last = order.shape[0] - 1
    row = order[min(at + 2, last)]
    first, size = offsets[row], 4 * (offsets[row + 1] - offsets[row])
    prefetch(address(columns) + 4 * first, size)
    prefetch(address(values) + 4 * first, size)
    row = order[min(at + 1, last)]
    for i in range(offsets[row], offsets[row + 1]):
        prefetch(weights + width * columns[i], width)


@kernel(
    "int64(int32[::1], int64[::1], float32[::1], float64[::1], float64[::1], float64[::1], int64[::1], float64[::1],"
    " float64[::1], int64, float64, uint64)"
)
def dual_ascent(
    columns: Numbers,
    offsets: Places,
    values: Floats,
    squares: Doubles,
    signs: Doubles,
    costs: Doubles,
    order: Places,
    weights: Doubles,
    logits: Doubles,
    passes: int,
    tolerance: float,
    seed: np.uint64,
) -> int:
    """Minimise ``sum(w^2) / 2 + sum(costs * log(1 + exp(-signs * (w . x))))``; return the number of passes.

    Parameters
    ----------
    columns, offsets, values
        Sparse rows x.
    squares
        Their squared lengths, (rows,).
    signs, costs
        The label of each row, 1 or -1, and the cost of its loss, above 0, (rows,).
    order
        The rows to train on; shuffled in place.
    weights
        w, changed in place: ``sum(signs * costs * sigmoid(logits) * x)`` over ``order``.
    logits
        The logit of each row's multiplier divided by its cost, (rows,), changed in place.
    passes, tolerance
        Stop after so many passes, or one in which no multiplier changes by more than this share of its cost.
    seed
        Seed of the order.

    Notes
    -----
    H.-F. Yu, F.-L. Huang and C.-J. Lin, "Dual coordinate descent methods for logistic regression and maximum entropy
    models", 2011. Each one-variable problem is solved here for the logit of the multiplier, which has no bounds.
    """
    state = seed | np.uint64(1)
    for number in range(passes):
        state = shuffle(order, state)
        farthest = 0.0
        for at, row in enumerate(order):
            load_ahead(order, at, columns, offsets, values, address(weights), 8)
            margin = 0.0
            for i in range(offsets[row], offsets[row + 1]):
                margin += weights[columns[i]] * values[i]
            before = logits[row]
            after = best_logit(before, signs[row] * margin, squares[row], costs[row])
            logits[row] = after
            move = 1 / (1 + np.exp(-after)) - 1 / (1 + np.exp(-before))
            farthest = max(farthest, abs(move))
            step = move * costs[row] * signs[row]
            for i in range(offsets[row], offsets[row + 1]):
                weights[columns[i]] += step * values[i]
        if farthest < tolerance:
            return number + 1
    return passes


@kernel(
    "int64(float32[:, ::1], float64[::1], float64[::1], float64[::1], int64[::1], float64[::1], float64[::1], int64,"
    " float64, uint64)"
)
def gram_ascent(
    products: NDArray[np.float32],
    squares: Doubles,
    signs: Doubles,
    costs: Doubles,
    order: Places,
    scores: Doubles,
    logits: Doubles,
    passes: int,
    tolerance: float,
    seed: np.uint64,
) -> int:
    """Do as `dual_ascent`, but with the inner products of rows, keeping scores instead of weights.

    Parameters
    ----------
    products
        Inner products of rows, (rows, rows).
    scores
        ``w . x`` of each row, changed in place: ``products @ (signs * costs * sigmoid(logits))`` over ``order``.
    squares, signs, costs, order, logits, passes, tolerance, seed
        As in `dual_ascent`.
    """
    state = seed | np.uint64(1)
    for number in range(passes):
        state = shuffle(order, state)
        farthest = 0.0
        for row in order:
            before = logits[row]
            after = best_logit(before, signs[row] * scores[row], squares[row], costs[row])
            logits[row] = after
            move = 1 / (1 + np.exp(-after)) - 1 / (1 + np.exp(-before))
            farthest = max(farthest, abs(move))
            step = move * costs[row] * signs[row]
            for i in range(scores.shape[0]):
                scores[i] += step * products[row, i]
        if farthest < tolerance:
            return number + 1
    return passes
