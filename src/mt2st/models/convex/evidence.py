"""Prior variances of columns' weights, from how well their occurrences separate the two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

if TYPE_CHECKING:
    from mt2st.models.convex.rows import SparseRows

Doubles = NDArray[np.float64]
# Occurrences added to each column, divided between the sides in proportion to all occurrences.
SMOOTHING = 2.0


@kernel("void(int32[::1], int64[::1], float64[::1], float64[::1], int64, float64[:, ::1])")
def count_sides(
    columns: Numbers, offsets: Places, signs: Doubles, sample_weight: Doubles, last: int, found: Doubles
) -> None:
    """Sum the weights of the rows that have each column below ``last``, by sign, -1 and 1, (2, columns)."""
    for row in range(signs.shape[0]):
        side = int(signs[row] > 0)
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] < last:
                found[side, columns[i]] += sample_weight[row]


def column_variances(rows: SparseRows, signs: Doubles, sample_weight: Doubles) -> NDArray[np.float32]:
    r"""Return the prior variance of each column's weight, with a mean of 1, (columns,).

    .. math:: |r| \;/\; \text{the mean of these}, \quad
        r = \log \frac{p + 2 P / (P + Q)}{q + 2 Q / (P + Q)} - \log \frac{P}{Q}

    with p and q the numbers of rows on each side that have the column, and P and Q their sums over all columns: the
    naive-Bayes log-count ratio. A column equally frequent on both sides is held at 0, one that separates them is free.
    Columns that are not occurrences have variance 1, and so have all if a side has no rows.

    Parameters
    ----------
    rows
        All examples.
    signs, sample_weight
        The side of each, 1 or -1, and its weight, 0 for those not to learn from, (rows,).

    Notes
    -----
    S. Wang and C. Manning, "Baselines and bigrams: simple, good sentiment and topic classification", 2012, multiply by
    r itself, smoothed by 1 on both sides. With sides of different size that is worse; see docs/LOG.md.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1, 1], [1, 0], [0, 1]]), occurrences=2)  # p 2 and 1, q 0 and 1
    >>> column_variances(rows, np.array([1.0, 1.0, -1.0]), np.ones(3)).round(2)  # r log 7/3 and log 5/9
    array([1.18, 0.82, 1.  ], dtype=float32)
    """
    variances = np.ones(rows.size, np.float32)
    if not rows.occurrences or not sample_weight.any():
        return variances
    found = np.zeros((2, rows.occurrences))
    sample_weight = sample_weight / sample_weight[sample_weight > 0].mean()
    count_sides(rows.columns.ids, rows.columns.offsets, signs, sample_weight, rows.occurrences, found)
    sides = found.sum(1, keepdims=True)
    if not sides.all():
        return variances
    negative, positive = (found + SMOOTHING * sides / sides.sum()) / sides
    ratios = np.abs(np.log(positive / negative))
    mean = ratios[found.any(0)].mean()
    if mean > 0:
        variances[: rows.occurrences] = ratios / mean
    return variances
