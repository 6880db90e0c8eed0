"""How much each column may weigh, by what its occurrences tell of the side that rows are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

if TYPE_CHECKING:
    from mt2st.models.convex.rows import SparseRows

Doubles = NDArray[np.float64]
# Occurrences that each column is taken to have on either side beside its own.
SMOOTHING = 1.0


@kernel("void(int32[::1], int64[::1], float64[::1], float64[::1], int64, float64[:, ::1])")
def count_sides(columns: Numbers, offsets: Places, signs: Doubles, counts: Doubles, last: int, found: Doubles) -> None:
    """Add up what the rows with each of the columns below ``last`` count: of the sign -1, and of 1, (2, columns)."""
    for row in range(signs.shape[0]):
        side = int(signs[row] > 0)
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] < last:
                found[side, columns[i]] += counts[row]


def column_scales(rows: SparseRows, signs: Doubles, counts: Doubles) -> NDArray[np.float32]:
    r"""Return what each column is multiplied by before a regression that holds all weights alike to 0, (columns,).

    .. math:: \sqrt{|r|} \;/\; \text{their root mean square}, \quad
        r = \log \frac{p / \|p\|_1}{q / \|q\|_1}

    with p and q how many rows of either side have the column, plus 1. So a weight is expected to vary as much as its
    naive-Bayes log-count ratio: what is as frequent on both sides is held to 0, what tells them apart is free. Columns
    that are no occurrences are multiplied by 1.

    Parameters
    ----------
    rows
        The examples to learn from.
    signs, counts
        On which side each is, 1 or -1, and what it counts beside the others, (rows,).

    Notes
    -----
    S. Wang and C. Manning, "Baselines and bigrams: simple, good sentiment and topic classification", 2012, multiply by
    r itself. That gains with many examples and loses with few; its root gains with both (docs/LOG.md).

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1, 1], [1, 0], [0, 1]]), occurrences=2)  # r = log 3/5 / 1/3 and log 2/5 / 2/3
    >>> column_scales(rows, np.array([1.0, 1.0, -1.0]), np.ones(3)).round(3)
    array([1.034, 0.964, 1.   ], dtype=float32)
    """
    scales = np.ones(rows.size, np.float32)
    found = np.zeros((2, rows.occurrences))
    if not rows.occurrences or not len(rows):
        return scales
    count_sides(rows.columns.ids, rows.columns.offsets, signs, counts / counts.mean(), rows.occurrences, found)
    shares = (found + SMOOTHING) / (found + SMOOTHING).sum(1, keepdims=True)
    ratios = np.abs(np.log(shares[1] / shares[0]))
    mean = ratios.sum(where=found.any(0)) / max(np.count_nonzero(found.any(0)), 1)
    if mean > 0:
        scales[: rows.occurrences] = np.sqrt(ratios / mean)
    return scales
