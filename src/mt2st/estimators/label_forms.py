"""The forms in which people have labels: one of each text, several as lists, or a matrix of ones and zeros."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs import axes, values_of


def label_form(labels: Any, what: str = "labels", *, column: bool = True) -> Any:
    """Return a matrix, a list of lists, or labels of one axis as they are.

    Parameters
    ----------
    labels
        Lists, a column or a table of NumPy, pandas or polars, or a sparse matrix of SciPy.
    what
        Their name, for errors.
    column
        Whether a table of one column is labels of one axis, which it is with a warning in scikit-learn too; otherwise
        it is a matrix of ones and zeros.

    Raises
    ------
    DataError
        Where labels have no axis or more than two, or are a matrix written as lists.

    Examples
    --------
    >>> label_form(np.array([[1, 0], [1, 1]])).shape, label_form([("a", "b"), ("b",)]), label_form(["a", "b"])
    ((2, 2), [['a', 'b'], ['b']], ['a', 'b'])
    """
    if hasattr(labels, "toarray"):
        labels = labels.toarray()
    elif not isinstance(labels, Iterable) and hasattr(labels, "__array__"):
        labels = np.asarray(labels)
    if axes(labels) not in (1, 2):
        raise DataError(f"{what} have shape {labels.shape}: give a label of each text, or a matrix (texts, classes)")
    if axes(labels) == 2:
        return _of_table(np.asarray(labels), column=column)
    values = values_of(labels) if hasattr(labels, "shape") else labels
    if not isinstance(values, Sequence) or not values or not all(map(_is_several, values)):
        return values
    return _of_lists([list(each) for each in values], what)


def _is_several(value: Any) -> bool:
    return isinstance(value, list | tuple | Set | np.ndarray)


def _of_table(table: NDArray[Any], *, column: bool) -> NDArray[Any]:
    if table.shape[1] != 1 or not column:
        return table
    from sklearn.exceptions import DataConversionWarning

    said = "A column-vector y was passed when a 1d array was expected: give labels as one axis, labels.ravel()"
    warn(said, DataConversionWarning, stacklevel=5)
    return table.ravel()


def _of_lists(rows: list[list[Any]], what: str) -> list[list[Any]]:
    """Return lists of labels, unless they are rows of ones and zeros: no label is named twice of one text."""
    plain = [values_of(row) for row in rows]
    same = len({len(row) for row in plain}) == 1
    numbers = all(isinstance(label, bool | int | float) and label in (0, 1) for row in plain for label in row)
    if same and numbers and any(len(set(row)) < len(row) for row in plain):
        raise DataError(f"{what} are rows of ones and zeros in lists: give a matrix as an array, np.array({what})")
    return plain
