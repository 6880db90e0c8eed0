"""How much each column may weigh, by what its occurrences tell of the side that rows are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

if TYPE_CHECKING:
    from mt2st.models.convex.rows import SparseRows

Doubles = NDArray[np.float64]
# Occurrences that each column is taken to have beside its own, shared by the sides as all others are.
SMOOTHING = 2.0
# Of the ratio: few rows tell it too roughly to follow it far.
FEW, FEW_POWER, POWER = 1000, 0.25, 0.5


@kernel("void(int32[::1], int64[::1], float64[::1], float64[::1], int64, float64[:, ::1])")
def count_sides(columns: Numbers, offsets: Places, signs: Doubles, counts: Doubles, last: int, found: Doubles) -> None:
    """Add up what the rows with each of the columns below ``last`` count: of the sign -1, and of 1, (2, columns)."""
    for row in range(signs.shape[0]):
        side = int(signs[row] > 0)
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] < last:
                found[side, columns[i]] += counts[row]


def column_scales(rows: SparseRows, signs: Doubles, counts: Doubles, power: float) -> NDArray[np.float32]:
    r"""Return what each column is multiplied by before a regression that holds all weights alike to 0, (columns,).

    .. math:: |r|^k \;/\; \text{the root mean square of these}, \quad
        r = \log \frac{p + 2 P / (P + Q)}{q + 2 Q / (P + Q)} - \log \frac{P}{Q}

    with p and q how many rows of either side have the column, and P and Q the sums of these over all columns. So a
    weight is expected to vary as its naive-Bayes log-count ratio: what is as frequent on both sides is held to 0, what
    tells them apart is free. Columns that are no occurrences are multiplied by 1, and all are where a side has no rows.

    Parameters
    ----------
    rows
        The examples to learn from.
    signs, counts
        On which side each is, 1 or -1, and what it counts beside the others, (rows,).
    power
        k, see `power_of`.

    Notes
    -----
    S. Wang and C. Manning, "Baselines and bigrams: simple, good sentiment and topic classification", 2012, multiply by
    r itself, smoothed by 1 on both sides. With few rows, or sides of unlike size, that loses; see docs/LOG.md.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1, 1], [1, 0], [0, 1]]), occurrences=2)  # p 2 and 1, q 0 and 1
    >>> column_scales(rows, np.array([1.0, 1.0, -1.0]), np.ones(3), 0.5).round(3)  # r log 7/3 and log 5/9
    array([1.087, 0.905, 1.   ], dtype=float32)
    """
    scales = np.ones(rows.size, np.float32)
    found = np.zeros((2, rows.occurrences))
    if len(rows):
        count_sides(rows.columns.ids, rows.columns.offsets, signs, counts / counts.mean(), rows.occurrences, found)
    sides = found.sum(1, keepdims=True)
    if not sides.all():
        return scales
    negative, positive = (found + SMOOTHING * sides / sides.sum()) / sides
    lifts = np.abs(np.log(positive / negative)) ** power
    mean = np.square(lifts[found.any(0)]).mean()
    if mean > 0:
        scales[: rows.occurrences] = lifts / np.sqrt(mean)
    return scales


def power_of(rows: int) -> float:
    """Return how far to follow the ratios that so many rows tell.

    Examples
    --------
    >>> power_of(1000), power_of(1001)
    (0.25, 0.5)
    """
    return FEW_POWER if rows <= FEW else POWER
