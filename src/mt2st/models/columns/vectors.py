"""Documents as weighted means of rows of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.text.ragged import Ragged


def mean_vectors(rows: Ragged, table: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``sum(weights[i] * table[i]) / sum(weights[i])`` for each text, (texts, columns); zeros for an empty one.

    Examples
    --------
    >>> table, weights = np.array([[1, 0], [0, 1]], np.float32), np.array([1, 3], np.float32)
    >>> mean_vectors(Ragged.from_lists([[0, 1], []]), table, weights)
    array([[0.25, 0.75],
           [0.  , 0.  ]], dtype=float32)
    """
    return np.asarray(mean_shares(rows, weights) @ table, np.float32)


def mean_shares(rows: Ragged, weights: NDArray[np.float32]) -> Any:
    """Return the weight of each row of a table in the mean of each text, a sparse matrix (texts, rows of the table)."""
    from scipy.sparse import csr_array

    parts = csr_array((weights[rows.ids], rows.ids, rows.offsets), (len(rows), len(weights)))
    totals = np.asarray(parts.sum(axis=1)).ravel()
    parts.data /= np.repeat(np.where(totals > 0, totals, 1), np.diff(rows.offsets)).astype(np.float32)
    return parts
