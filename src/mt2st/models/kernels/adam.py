"""Adam's step on rows, in one pass over value, gradient and moments; and summing gradients of repeated rows."""

from __future__ import annotations

import numpy as np
from numba import boolean, float32, float64, int64, types
from numpy.typing import NDArray

from mt2st.native import Floats, Places, kernel

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
_NEW1, _KEPT2, _NEW2 = np.float32(1 - BETA1), np.float32(BETA2), np.float32(1 - BETA2)


@kernel(types.void(float32[:, ::1], int64[::1], float32[:, ::1]), exact=True)
def add_to_rows(values: Floats, places: Places, sums: Floats) -> None:
    """Add row i of ``values`` to row ``places[i]`` of ``sums``, in order."""
    for i in range(values.shape[0]):
        total, value = sums[places[i]], values[i]
        for d in range(value.shape[0]):
            total[d] += value[d]


@kernel(boolean(float32[::1], int64[::1]), inner=True, exact=True)
def _moves(gradient: Floats, columns: Places) -> bool:
    """Return whether any number of the columns is not zero; an empty list stands for all columns."""
    moves = False
    for column in columns:
        moves |= gradient[column] != 0
    if columns.shape[0] == 0:
        for value in gradient:
            moves |= value != 0
    return moves


@kernel(
    types.void(float32[::1], float32[::1], float32[::1], float32[::1], float32, float32, float32),
    inner=True,
    exact=True,
)
def _step(
    value: Floats,
    gradient: Floats,
    first: Floats,
    second: Floats,
    rate: np.float32,
    scale: np.float32,
    least: np.float32,
) -> None:
    for d in range(value.shape[0]):
        first[d] += _NEW1 * (gradient[d] - first[d])
        second[d] = _KEPT2 * second[d] + _NEW2 * (gradient[d] * gradient[d])
        value[d] -= rate * (scale * first[d] / (np.sqrt(second[d]) + least))


@kernel(
    types.void(
        float32[::1],
        int64,
        int64[::1],
        float32[:, ::1],
        float32[:, ::1],
        float32[:, ::1],
        int64[::1],
        int64[::1],
        float64,
        boolean,
    ),
    exact=True,
)
def adam_rows(
    values: Floats,
    width: int,
    rows: Places,
    gradient: Floats,
    first: Floats,
    second: Floats,
    steps: Places,
    columns: Places,
    rate: float,
    may_rest: bool,
) -> None:
    """Step with some rows.

    Parameters
    ----------
    values, width
        The memory of all rows, and the distance between their starts, in numbers.
    rows, gradient
        The rows to step with, each once, and their gradients, (rows, columns).
    first, second, steps
        Moments, (all rows, columns), and step counts, (all rows,).
    columns
        The columns that are trained; none: all.
    rate
        The learning rate.
    may_rest
        Whether to skip rows whose gradient is zero.
    """
    for i in range(rows.shape[0]):
        row = rows[i]
        if may_rest and not _moves(gradient[i], columns):
            continue
        steps[row] += 1
        # In double precision: 1 - 0.999 ** 1 loses half its digits in single.
        left = np.sqrt(1 - BETA2 ** np.float64(steps[row]))
        scale = np.float32(left / (1 - BETA1 ** np.float64(steps[row])))
        least, size = np.float32(EPSILON * left), first.shape[1]
        value = values[row * width : row * width + size]
        if columns.shape[0] == 0:
            _step(value, gradient[i], first[row], second[row], np.float32(rate), scale, least)
        for column in columns:
            part = slice(column, column + 1)
            _step(value[part], gradient[i, part], first[row, part], second[row, part], np.float32(rate), scale, least)


def sums_by_row(rows: NDArray[np.int64], values: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the distinct rows in order, and the sums of their values.

    Examples
    --------
    >>> rows, sums = sums_by_row(np.array([3, 1, 3]), np.array([[1.0], [2.0], [0.5]], np.float32))
    >>> rows.tolist(), sums.tolist()
    ([1, 3], [[2.0], [1.5]])
    """
    found, places = np.unique(rows, return_inverse=True)
    sums = np.zeros((len(found), values.shape[1]), np.float32)
    add_to_rows(values, places, sums)
    return found, sums
