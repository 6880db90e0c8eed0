"""Ridge regression judged on rows that it was not fitted to, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def left_out_scores(rows: NDArray[Any], signs: NDArray[np.float64], penalty: float) -> NDArray[np.float64]:
    """Return each row's scores by the ridge regression on all others, (rows, outputs).

    With ``S`` the matrix that takes targets to fitted scores, a row that is left out is missed by
    ``(y - S y) / (1 - S[i, i])``: it needs no fit of its own (G. Golub, M. Heath and G. Wahba, "Generalized
    cross-validation as a method for choosing a good ridge parameter", 1979).

    Parameters
    ----------
    rows
        (rows, columns), each column of mean 0. One alone, for which there are no others, is told right.
    signs
        1 and -1, (rows, outputs).
    penalty
        Of ``|y - X w - b|^2 + penalty |w|^2``, above 0; the bias b is free.

    Examples
    --------
    >>> left_out_scores(np.array([[-1.0], [0.0], [1.0]]), np.array([[-1.0], [-1.0], [1.0]]), 1.0).round(9).ravel() + 0.0
    array([-1.,  0., -1.])
    """
    rows, number = np.asarray(rows, np.float64), len(rows)
    targets = signs - signs.mean(0)
    if rows.shape[1] <= number:
        half = rows @ np.linalg.inv(rows.T @ rows + penalty * np.eye(rows.shape[1]))
        fitted, own = half @ (rows.T @ targets), (half * rows).sum(1)
    else:  # the same by the rows' products, which are fewer
        rest = penalty * np.linalg.inv(rows @ rows.T + penalty * np.eye(number))
        fitted, own = targets - rest @ targets, 1 - rest.diagonal()
    left = np.maximum(1 - own - 1 / number, np.finfo(np.float64).tiny)
    return np.asarray(signs - (targets - fitted) / left[:, None])
