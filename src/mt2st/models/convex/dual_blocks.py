"""Dual coordinate ascent as in `mt2st.models.convex.dual`, for sixteen outputs at once, which share memory accesses."""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int32, int64, types, uint64
from numpy.typing import NDArray

from mt2st.models.convex.block_code import OUTPUTS, move_weights, scores_of_row, squares_of_row
from mt2st.models.convex.dual import best_logit, load_ahead, shuffle
from mt2st.native import Floats, Numbers, Places, kernel

Doubles = NDArray[np.float64]


@kernel(types.void(int32[::1], int64[::1], float32[::1], float32[:, ::1], float32[:, :, ::1], float32[:, ::1]))
def begin_block(
    columns: Numbers, offsets: Places, values: Floats, multipliers: Floats, table: Floats, squares: Floats
) -> None:
    """Add the rows, times their multipliers and the columns' variances, to the weights; compute their squared lengths.

    Parameters
    ----------
    columns, offsets, values
        Sparse rows x, none of them empty.
    multipliers
        (rows, `OUTPUTS`).
    table
        (columns, 2, `OUTPUTS`): weights, which are changed, and variances.
    squares
        ``sum(v * x^2)``, (rows, `OUTPUTS`); written.
    """
    for row in range(offsets.shape[0] - 1):
        first, count = offsets[row], offsets[row + 1] - offsets[row]
        place, value = columns.ctypes.data + 4 * first, values.ctypes.data + 4 * first
        squares_of_row(place, value, count, table.ctypes.data, squares.ctypes.data + 4 * OUTPUTS * row)
        move_weights(place, value, count, table.ctypes.data, multipliers.ctypes.data + 4 * OUTPUTS * row)


@kernel(
    int64(
        int32[::1],
        int64[::1],
        float32[::1],
        float32[:, :, ::1],
        float32[:, ::1],
        float64[:, ::1],
        float64[:, ::1],
        int64[::1],
        float64[:, ::1],
        int64,
        float64,
        uint64,
    )
)
def ascend_block(
    columns: Numbers,
    offsets: Places,
    values: Floats,
    table: Floats,
    squares: Floats,
    signs: Doubles,
    costs: Doubles,
    order: Places,
    logits: Doubles,
    passes: int,
    tolerance: float,
    seed: np.uint64,
) -> int:
    """Do as `dual_ascent` for several outputs, until no multiplier of any changes; return the number of passes.

    Parameters
    ----------
    columns, offsets, values, table, squares
        As `begin_block` left them.
    signs, costs, logits
        As in `dual_ascent`, (rows, outputs), up to `OUTPUTS`; a row with cost 0 is ignored by an output.
    order, passes, tolerance, seed
        As in `dual_ascent`.
    """
    state = seed | np.uint64(1)
    scores, steps = np.zeros(OUTPUTS, np.float32), np.zeros(OUTPUTS, np.float32)
    for number in range(passes):
        state = shuffle(order, state)
        farthest = 0.0
        for at, row in enumerate(order):
            load_ahead(order, at, columns, offsets, values, table.ctypes.data, 8 * OUTPUTS)
            first, count = offsets[row], offsets[row + 1] - offsets[row]
            place, value = columns.ctypes.data + 4 * first, values.ctypes.data + 4 * first
            scores_of_row(place, value, count, table.ctypes.data, scores.ctypes.data)
            for k in range(signs.shape[1]):
                cost, sign, before = costs[row, k], signs[row, k], logits[row, k]
                steps[k] = 0
                if cost > 0:
                    after = best_logit(before, sign * scores[k], squares[row, k], cost)
                    logits[row, k] = after
                    move = 1 / (1 + np.exp(-after)) - 1 / (1 + np.exp(-before))
                    farthest = max(farthest, abs(move))
                    steps[k] = np.float32(move * cost * sign)
            move_weights(place, value, count, table.ctypes.data, steps.ctypes.data)
        if farthest < tolerance:
            return number + 1
    return passes
