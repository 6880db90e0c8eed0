"""Checks of texts, labels and weights given by users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

LONGEST = 100_000_000  # characters of one text
# Maximum weight of a text: with larger ones fits do not converge, and finally numbers overflow.
MOST = 1e9
# Methods that return the values of a column: NumPy's; pandas' and polars'; Arrow's.
TO_LIST = "tolist", "to_list", "to_pylist"
# Above this, not every integer is a float.
WHOLE_FLOATS = 2**53


def check_texts(texts: Any, what: str = "texts") -> list[str]:
    """Return texts as a list of strings; lone surrogates, which cannot be encoded, become U+FFFD.

    Parameters
    ----------
    texts
        A sequence of strings: a list, a column of NumPy, pandas, polars or Arrow, or with a warning a table of one
        column.
    what
        Their name, for errors.

    Raises
    ------
    DataError
        If it is one string, contains anything but strings, or a text is longer than 100 million characters.
    """
    found = texts.copy() if type(texts) is list else _column_of(texts, what)
    for text in found:
        if type(text) is not str or len(text) > LONGEST or not text.isascii():
            return [_checked(text, what, place) for place, text in enumerate(found)]
    return found


def _checked(text: Any, what: str, place: int) -> str:
    if type(text) is not str:
        text = _string(text, f"{what}[{place}]")
    if len(text) > LONGEST:
        raise DataError(f"{what}[{place}] has {len(text):,} characters, over {LONGEST:,}: cut it into parts")
    return text if text.isascii() else _encodable(text)


def _column_of(texts: Any, what: str) -> list[Any]:
    if isinstance(texts, str | bytes):
        raise DataError(f"{what}: a list of texts is expected, one {type(texts).__name__} found: put it into a list")
    if not isinstance(texts, Iterable) and hasattr(texts, "__array__"):
        texts = np.asarray(texts)  # of a table of Arrow
    if not isinstance(texts, Iterable) or isinstance(texts, Mapping | Set):
        raise DataError(f"{what}: a list of texts is expected, {type(texts).__name__} found")
    shape: tuple[int, ...] = getattr(texts, "shape", (0,))
    if len(shape) == 2 and shape[1] == 1:
        return values_of(one_axis(np.asarray(texts), what, "give one column, not a table of one", stacklevel=5))
    if len(shape) != 1:
        raise DataError(f"{what}: one column is expected, shape {shape} found: give one column of texts")
    return values_of(texts)


def _string(text: Any, where: str) -> str:
    if not isinstance(text, str):
        raise DataError(f"{where} is {_named(text)}, not a string: {_remedy(text)}")
    return str(text)  # NumPy's strings are a subclass, and slower


def _encodable(text: str) -> str:
    """Return a text with U+FFFD for every lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def axes(values: Any) -> int:
    """Return the number of axes of an array or data frame, 1 for anything without a shape."""
    return len(getattr(values, "shape", (0,)))


def one_axis(table: NDArray[Any], what: str, remedy: str, stacklevel: int) -> NDArray[Any]:
    """Return a table of one column as that column, with scikit-learn's warning."""
    from sklearn.exceptions import DataConversionWarning

    said = f"A column-vector {what} was passed when a 1d array was expected: {remedy}"
    warn(said, DataConversionWarning, stacklevel=stacklevel)
    return table.ravel()


def is_column(values: Any) -> bool:
    """Return whether this is a column of NumPy, pandas, polars, Arrow or the like."""
    return any(hasattr(values, to_list) for to_list in TO_LIST)


def values_of(values: Any) -> list[Any]:
    """Return a column of any library as a list of Python values."""
    for to_list in TO_LIST:
        if hasattr(values, to_list):
            return list(getattr(values, to_list)())
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def is_missing(value: Any) -> bool:
    """Return whether a value is missing: None, NaN, or pandas' NA or NaT."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def _named(value: Any) -> str:
    if isinstance(value, float) and value != value:
        return "NaN"
    return "None" if value is None else "NA" if is_missing(value) else f"{type(value).__name__} ({value!r:.40})"


def _remedy(value: Any) -> str:
    if is_missing(value):
        return "leave the row out, or put '' there"
    if isinstance(value, bytes):
        return "decode it"
    return "join its words, ' '.join(words)" if isinstance(value, list | tuple | np.ndarray) else "use str()"


def check_same_length(texts: Sequence[str], labels: Sized, what: str = "labels") -> None:
    """Refuse texts and labels that differ in number."""
    if len(texts) != len(labels):
        raise DataError(f"texts and {what} must be as many, {len(texts)} and {len(labels)} found")


def check_labels(labels: Any, what: str = "labels") -> NDArray[Any]:
    """Return labels as an array of one axis.

    Raises
    ------
    DataError
        If one is missing or a fractional number, or they are of several types.
    """
    if isinstance(labels, str | bytes | Mapping | Set) or not isinstance(labels, Iterable):
        raise DataError(f"{what}: a list of labels is expected, {type(labels).__name__} found")
    values = values_of(labels)
    for place, label in enumerate(values):
        if is_missing(label):
            raise DataError(f"{what}[{place}] is {_named(label)}: leave the row out, or give it to unlabelled")
        if isinstance(label, float) and not label.is_integer():
            raise DataError(f"{what}[{place}] is {label!r}, a continuous number: make classes of them, or strings")
        if isinstance(label, Iterable) and not isinstance(label, str | bytes):
            raise DataError(f"{what}[{place}] is {_named(label)}: give one label of each text, or of every text a list")
    kinds = {"number" if isinstance(label, bool | int | float) else type(label).__name__ for label in values}
    if len(kinds) > 1:
        raise DataError(f"{what} are of several kinds ({', '.join(sorted(kinds))}): make all of them strings")
    return _kept(values, what)


def _kept(labels: list[Any], what: str) -> NDArray[Any]:
    """Return labels as an array; refuse those NumPy changes: it strips NULs from strings, and rounds large numbers."""
    found = np.asarray(labels)
    for place, (label, kept) in enumerate(zip(labels, found.tolist(), strict=True)):
        cut = isinstance(kept, float) and isinstance(label, int) and abs(label) > WHOLE_FLOATS
        if cut or kept != label:
            raise DataError(f"{what}[{place}] is {label!r}, of which NumPy makes {kept!r}: write it as another string")
    return found


def ordered(labels: NDArray[Any], what: str = "labels") -> NDArray[Any]:
    """Return the distinct labels, sorted."""
    try:
        return np.unique(labels)
    except TypeError:
        kind = type(labels.tolist()[0]).__name__
        raise DataError(f"{what} are of a kind that has no order ({kind}): make all of them strings") from None


def check_weights(sample_weight: Any, number: int, *, some: bool = True) -> NDArray[np.float64]:
    """Return the weight of each text: 1 if ``sample_weight`` is None.

    Parameters
    ----------
    sample_weight, number
        The weights, and the number of texts.
    some
        Whether one must be above 0; not needed if there are other texts.

    Raises
    ------
    DataError
        If the number of weights is wrong, or they are not numbers from 0 to `MOST`.
    """
    if sample_weight is None:
        return np.ones(number)
    try:
        found = np.asarray(sample_weight, np.float64)
    except (TypeError, ValueError):
        raise DataError("sample_weight: numbers are expected, other values found") from None
    if found.shape != (number,):
        raise DataError(f"sample_weight needs {number} numbers, one for each text, shape {found.shape} found")
    wrong = ~((found >= 0) & (found <= MOST))
    if wrong.any():
        at = int(wrong.argmax())
        remedy = "scale them" if found[at] > MOST else "give 0 for a text that should not count"
        raise DataError(f"sample_weight[{at}] is {found[at]:g}; numbers from 0 to {MOST:g} are expected: {remedy}")
    if some and not found.any():
        raise DataError("sample_weight is all 0, no text counts: give one more")
    return found
