"""Cosines of vectors, the measure of similarity used throughout."""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError


def divisors(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the divisors that normalise rows: each row's Euclidean norm, and 1 for a row of zeros.

    Parameters
    ----------
    vectors
        Shape (rows, dim); never copied.

    Raises
    ------
    DataError
        If a row contains NaN or infinity.

    Examples
    --------
    >>> divisors(np.array([[3, 4], [0, 0]], np.float32))
    array([5., 1.], dtype=float32)
    """
    # Squares of float32 values fit into float64, however large or small the values are.
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    if not np.isfinite(norms).all():
        row = int(np.flatnonzero(~np.isfinite(norms))[0])
        raise DataError(f"vectors must be finite numbers: row {row} holds NaN or infinity; train or load them again")
    return np.where(norms > 0, norms, 1.0).astype(np.float32)


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a vector of length 1 in the same direction; zeros stay zeros.

    Examples
    --------
    >>> unit(np.array([3, 4], np.float32))
    array([0.6, 0.8], dtype=float32)
    """
    vector = np.asarray(vector, np.float32)
    return np.asarray(vector / divisors(vector[None])[0], np.float32)


def cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Return the cosine of two vectors, clipped to [-1, 1]; 0 if one is zeros.

    Raises
    ------
    DataError
        If one contains NaN or infinity.

    Examples
    --------
    >>> cosine(np.array([1, 0], np.float32), np.array([3, 4], np.float32))
    0.6
    """
    one, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    lengths = sqrt((one @ one) * (other @ other))
    if not isfinite(lengths):
        raise DataError("vectors must be finite numbers: one holds NaN or infinity; train or load them again")
    return min(max(float(one @ other) / (lengths or 1.0), -1.0), 1.0)


def cosines(
    vectors: NDArray[np.float32], lengths: NDArray[np.float32], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the cosine of each row with a unit vector, shape (rows,).

    Parameters
    ----------
    vectors, lengths
        The rows, (rows, dim), and their `divisors`, (rows,).
    query
        A vector of length 1, (dim,).

    Examples
    --------
    >>> rows = np.array([[2, 0], [0, 5], [0, 0]], np.float32)
    >>> cosines(rows, divisors(rows), unit(np.array([3, 4])))
    array([0.6, 0.8, 0. ], dtype=float32)
    """
    found = vectors @ query
    found /= lengths
    return np.asarray(found, np.float32)
