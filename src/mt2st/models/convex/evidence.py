"""How much each column's weight may vary, by what its occurrences tell of the side that rows are on."""

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


@kernel("void(int32[::1], int64[::1], float64[::1], float64[::1], int64, float64[:, ::1])")
def count_sides(columns: Numbers, offsets: Places, signs: Doubles, counts: Doubles, last: int, found: Doubles) -> None:
    """Add up what the rows with each of the columns below ``last`` count: of the sign -1, and of 1, (2, columns)."""
    for row in range(signs.shape[0]):
        side = int(signs[row] > 0)
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] < last:
                found[side, columns[i]] += counts[row]


def column_variances(rows: SparseRows, signs: Doubles, counts: Doubles) -> NDArray[np.float32]:
    r"""Return how much the weight of each column is expected to vary, 1 on the mean, (columns,).

    .. math:: |r| \;/\; \text{the mean of these}, \quad
        r = \log \frac{p + 2 P / (P + Q)}{q + 2 Q / (P + Q)} - \log \frac{P}{Q}

    with p and q how many rows of either side have the column, and P and Q the sums of these over all columns: the
    naive-Bayes log-count ratio. What is as frequent on both sides is held to 0, what tells them apart is free. Columns
    that are no occurrences vary by 1, and all do where a side has no rows.

    Parameters
    ----------
    rows
        All examples.
    signs, counts
        On which side each is, 1 or -1, and what it counts beside the others, 0 of those not to learn from, (rows,).

    Notes
    -----
    S. Wang and C. Manning, "Baselines and bigrams: simple, good sentiment and topic classification", 2012, multiply by
    r itself, smoothed by 1 on both sides. With sides of unlike size that loses; see docs/LOG.md.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1, 1], [1, 0], [0, 1]]), occurrences=2)  # p 2 and 1, q 0 and 1
    >>> column_variances(rows, np.array([1.0, 1.0, -1.0]), np.ones(3)).round(2)  # r log 7/3 and log 5/9
    array([1.18, 0.82, 1.  ], dtype=float32)
    """
    variances = np.ones(rows.size, np.float32)
    if not rows.occurrences or not counts.any():
        return variances
    found = np.zeros((2, rows.occurrences))
    counts = counts / counts[counts > 0].mean()
    count_sides(rows.columns.ids, rows.columns.offsets, signs, counts, rows.occurrences, found)
    sides = found.sum(1, keepdims=True)
    if not sides.all():
        return variances
    negative, positive = (found + SMOOTHING * sides / sides.sum()) / sides
    ratios = np.abs(np.log(positive / negative))
    mean = ratios[found.any(0)].mean()
    if mean > 0:
        variances[: rows.occurrences] = ratios / mean
    return variances
