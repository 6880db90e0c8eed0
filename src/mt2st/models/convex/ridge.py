"""Leave-one-out scores of ridge regression in closed form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def left_out_scores(
    rows: NDArray[Any], signs: NDArray[np.float64], penalties: Sequence[float]
) -> Iterator[NDArray[np.float64]]:
    """Yield each row's scores by the ridge regression on all others, (rows, outputs), for each penalty.

    With ``S`` the matrix that maps targets to fitted scores, the error of a row that is left out is
    ``(y - S y) / (1 - S[i, i])``, without another fit (G. Golub, M. Heath and G. Wahba, "Generalized cross-validation
    as a method for choosing a good ridge parameter", 1979).

    Parameters
    ----------
    rows
        (rows, columns), each column with mean 0. A single row, for which there are no others, gets its own signs.
    signs
        1 and -1, (rows, outputs).
    penalties
        Of ``|y - X w - b|^2 + penalty |w|^2``, above 0; the bias b is free.

    Examples
    --------
    >>> rows, signs = np.array([[-1.0], [0.0], [1.0]]), np.array([[-1.0], [-1.0], [1.0]])
    >>> [found.round(9).ravel() + 0.0 for found in left_out_scores(rows, signs, [1.0])]
    [array([-1.,  0., -1.])]
    """
    rows, number = np.asarray(rows, np.float64), len(rows)
    targets = signs - signs.mean(0)
    by_columns = rows.shape[1] <= number
    products = rows.T @ rows if by_columns else rows @ rows.T
    for penalty in penalties:
        inverse = np.linalg.inv(products + penalty * np.eye(len(products)))
        if by_columns:
            half = rows @ inverse
            missed, left = targets - half @ (rows.T @ targets), 1 - (half * rows).sum(1)
        else:
            missed, left = penalty * (inverse @ targets), penalty * inverse.diagonal()
        yield signs - missed / np.maximum(left - 1 / number, np.finfo(np.float64).tiny)[:, None]
