"""Labels as signs: 1 and -1 for each output."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.texts import is_missing


def class_signs(labels: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Return 1 for each row's class and -1 for others, (rows, classes); with two classes only the second's column.

    Examples
    --------
    >>> class_signs(np.array([0, 1], np.int32), 2)
    array([[-1.],
           [ 1.]])
    """
    signs = np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)
    return signs[:, 1:] if classes == 2 else signs


def matrix_signs(matrix: NDArray[Any], what: str) -> NDArray[np.float64]:
    """Return 1 if a label applies, -1 if it does not and 0 if that is not known, (texts, labels).

    Parameters
    ----------
    matrix
        1 and 0, and NaN, None or NA if not known.
    what
        Its name, for errors.

    Raises
    ------
    DataError
        If it holds anything else.

    Examples
    --------
    >>> matrix_signs(np.array([[1, 0], [np.nan, 1]]), "labels")
    array([[ 1., -1.],
           [ 0.,  1.]])
    """
    known = _known(matrix)
    if not _are_of_ones(matrix[known]):
        raise DataError(
            f"{what}: a matrix of labels holds 1 where one holds and 0 elsewhere, other values found: "
            "give one label of each text as one axis, or a list of labels of each"
        )
    signs = np.zeros(matrix.shape)
    signs[known] = np.where(matrix[known].astype(np.bool_), 1.0, -1.0)
    return signs


def _known(matrix: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which values are known; a table with columns of several types has objects, possibly pandas' NA."""
    if matrix.dtype.kind == "O":
        return ~np.reshape([is_missing(each) for each in matrix.ravel().tolist()], matrix.shape).astype(np.bool_)
    return ~np.isnan(matrix) if matrix.dtype.kind == "f" else np.ones(matrix.shape, np.bool_)


def _are_of_ones(values: NDArray[Any]) -> bool:
    if values.dtype.kind != "O":
        return bool(np.isin(values, (0, 1)).all())
    return all(isinstance(each, bool | int | float | np.generic) and each in (0, 1) for each in values.tolist())
