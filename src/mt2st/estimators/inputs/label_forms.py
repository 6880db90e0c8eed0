"""The forms of labels that users give: one per text, several per text as lists, or a matrix of ones and zeros."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.texts import axes, check_labels, is_column, one_axis, values_of


def label_form(labels: Any, what: str = "labels", *, column: bool = True) -> Any:
    """Convert labels to a matrix or a list of lists; return labels with one axis as they are.

    Parameters
    ----------
    labels
        Lists, a column or a table of NumPy, pandas, polars or Arrow, or a sparse matrix of SciPy.
    what
        Their name, for errors.
    column
        Whether a table of one column is taken as labels of one axis, with a warning as in scikit-learn; otherwise it is
        a matrix of ones and zeros.

    Raises
    ------
    DataError
        If labels have no axis or more than two, or are a matrix written as lists; if some texts have lists and others
        none.

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
    values = values_of(labels) if is_column(labels) else labels
    if not isinstance(values, Sequence) or not values or not _is_several(values[0]):
        return values
    _check_all_several(values, what)
    return _of_lists(values, what)


def column_names(labels: Any, what: str = "labels") -> list[Any] | None:
    """Return the column names of a table; None if it has none, or only pandas' default numbers.

    Raises
    ------
    DataError
        If a name occurs twice, or is neither a string nor a number.

    Examples
    --------
    >>> import pandas as pd
    >>> column_names(pd.DataFrame({"sport": [1], "news": [0]})), column_names(pd.DataFrame([[1, 0]]))
    (['sport', 'news'], None)
    """
    names = getattr(labels, "column_names", getattr(labels, "columns", None))  # of Arrow; of pandas and polars
    if axes(labels) != 2 or names is None or type(names).__name__ == "RangeIndex":
        return None
    found: list[Any] = check_labels(names, f"columns of {what}").tolist()
    twice = [name for place, name in enumerate(found) if name in found[:place]]
    if twice:
        raise DataError(f"{what} have two columns {twice[0]!r}: rename one")
    return found


def _is_several(value: Any) -> bool:
    return isinstance(value, list | tuple | Set | np.ndarray)


def _check_all_several(values: Sequence[Any], what: str) -> None:
    for row, value in enumerate(values):
        if not _is_several(value):
            # A string would be read as the list of its characters.
            remedy = "give one for every text, [] if none holds, or leave the text out"
            raise DataError(f"{what}[{row}] is {value!r:.60}, {what}[0] a list of labels: {remedy}")


def _of_table(table: NDArray[Any], *, column: bool) -> NDArray[Any]:
    if table.shape[1] != 1 or not column:
        return table
    return one_axis(table, "y", "give labels as one axis, labels.ravel()", stacklevel=6)


def _of_lists(rows: Sequence[Any], what: str) -> list[list[Any]]:
    """Return lists of labels; refuse what may be rows of a matrix: lists of one length above 1, of ones and zeros."""
    plain = [values_of(row) for row in rows]
    lengths, sets = {len(row) for row in plain}, any(isinstance(row, Set) for row in rows)
    numbers = all(isinstance(label, bool | int | float) and label in (0, 1) for row in plain for label in row)
    if len(lengths) == 1 and max(lengths) > 1 and numbers and not sets:
        raise DataError(
            f"{what} are rows of ones and zeros in lists: give a matrix as an array, np.array({what}), or sets of names"
        )
    return plain
