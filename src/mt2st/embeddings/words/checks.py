"""Validation of words, vectors and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, DataError

Word = TypeVar("Word")


def number_strings(words: Sequence[str]) -> dict[str, int]:
    """Return the row of each word; words must be strings, and distinct.

    Examples
    --------
    >>> number_strings(["a", "b"])
    {'a': 0, 'b': 1}
    """
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        found = words if isinstance(words, str) else next(word for word in words if not isinstance(word, str))
        raise DataError(f"words must be a list of strings, {found!r} found: convert them, e.g. with str()")
    rows = {word: at for at, word in enumerate(words)}
    if len(rows) < len(words):
        twice = next(word for at, word in enumerate(words) if rows[word] != at)
        raise DataError(f"words must be distinct, {twice!r} occurs twice: remove one and its row")
    return rows


def check_rows(
    rows: NDArray[np.float32], words: int, size: int | None = None, name: str = "vectors"
) -> NDArray[np.float32]:
    """Return rows as float32, without a copy if they are; they must be numbers, a row for each word.

    Examples
    --------
    >>> check_rows(np.array([[1, 2]]), words=1)
    array([[1., 2.]], dtype=float32)
    """
    found = np.asarray(rows)
    if found.ndim != 2 or found.shape != (words, size or found.shape[1]) or found.dtype.kind not in "fiu":
        raise DataError(
            f"{name} must be numbers of shape ({words}, {size or 'vector_size'}), a row for each word: "
            f"{found.dtype} of shape {found.shape} found"
        )
    return found.astype(np.float32, copy=False)


def check_counts(counts: NDArray[np.int64] | Sequence[int], words: int) -> NDArray[np.int64]:
    """Return counts as int64, without a copy if they are; they must be integers, one for each word.

    Examples
    --------
    >>> check_counts([3, 1], words=2)
    array([3, 1])
    """
    found = np.asarray(counts)
    if found.shape != (words,) or found.dtype.kind not in "iu":
        raise DataError(
            f"counts must be whole numbers, one for each of the {words} words: "
            f"{found.dtype} of shape {found.shape} found"
        )
    return found.astype(np.int64, copy=False)


def check_training(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of training as a dictionary of names and plain values, as stored in files.

    Examples
    --------
    >>> check_training({"method": "cbow", "window": 5})
    {'method': 'cbow', 'window': 5}
    """
    items = settings.items() if isinstance(settings, Mapping) else [(None, settings)]
    for name, value in items:
        if not isinstance(name, str) or not isinstance(value, str | int | float | None):
            raise DataError(f"training must be settings of train_vectors by name, {name!r}: {value!r} found")
    return dict(items)


def word_list(words: Iterable[Word]) -> list[Word]:
    """Return words as a list; a string, or an empty list, is a `DataError`.

    Examples
    --------
    >>> word_list(("a", "b"))
    ['a', 'b']
    """
    if isinstance(words, str):
        instead = f"{words!r}.split()" if " " in words else f"[{words!r}]"
        raise DataError(f"a list of words is needed, the string {words!r} found: write {instead}")
    found = list(words)
    if not found:
        raise DataError("a list of words is needed, an empty one found: give at least one word")
    return found


def check_vector(vector: NDArray[np.generic], size: int) -> NDArray[np.float32]:
    """Return a vector as float32; a shape other than (size,), NaN or infinity is a `DataError`.

    Examples
    --------
    >>> check_vector(np.array([1, 2]), 2)
    array([1., 2.], dtype=float32)
    """
    if vector.shape != (size,) or vector.dtype.kind not in "fiu":
        raise DataError(f"a vector of {size} numbers is needed, shape {vector.shape} of {vector.dtype} found")
    if not np.isfinite(vector).all():
        raise DataError("a vector must be finite numbers, NaN or infinity found in the one that is asked for")
    return vector.astype(np.float32, copy=False)


def check_count(name: str, value: int | None, least: int = 1) -> None:
    """Raise `ConfigError` if a setting is neither None nor an integer of at least ``least``.

    Examples
    --------
    >>> check_count("limit", 0)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: limit must be a whole number from 1, or None for all: 0 found
    """
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least):
        raise ConfigError(f"{name} must be a whole number from {least}, or None for all: {value!r} found")
