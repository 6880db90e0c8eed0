"""The rows nearest to a weighted sum of words and vectors."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

Vector: TypeAlias = NDArray[np.float32]
Item: TypeAlias = "str | Vector"
Items: TypeAlias = "Item | Iterable[Item | tuple[Item, float]] | None"


def weighted_items(positive: Items, negative: Items) -> list[tuple[Item, float]]:
    """Return the items with their weights, by default 1 for ``positive`` and -1 for ``negative``.

    Raises
    ------
    DataError
        If there are no items, or one is neither a word, a vector nor a pair with a finite weight.

    Examples
    --------
    >>> weighted_items(["king", ("woman", 0.5)], "man")
    [('king', 1.0), ('woman', 0.5), ('man', -1.0)]
    """
    found = [*_with_weight(positive, 1.0), *_with_weight(negative, -1.0)]
    if not found:
        raise DataError("nothing is asked for: give a word or a vector, positive or negative")
    return found


def _with_weight(items: Items, weight: float) -> list[tuple[Item, float]]:
    if items is None:
        return []
    single = isinstance(items, str) or (isinstance(items, np.ndarray) and items.ndim == 1 and items.dtype.kind in "fiu")
    if not single and not isinstance(items, Iterable):
        raise DataError(f"words are asked for as a string or a list, {items!r} found")
    return [_pair(item, weight) for item in ([items] if single else items)]


def _pair(item: object, weight: float) -> tuple[Item, float]:
    if isinstance(item, str | np.ndarray):
        return item, weight
    thing, own = item if isinstance(item, tuple) and len(item) == 2 else (None, None)
    if isinstance(thing, str | np.ndarray) and isinstance(own, Real) and np.isfinite(float(own)):
        return thing, float(own)
    rule = "ask for a word, a vector, or a pair of one and its finite weight; a vector is a NumPy array"
    raise DataError(f"{rule}: {reprlib.repr(item)} found")


def nearest(similarities: NDArray[np.float32], topn: int, excluded: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return the rows of the largest similarities, in descending order; ties in order of rows.

    Parameters
    ----------
    similarities
        One for each row; those of excluded rows are overwritten.
    topn
        Maximum number of rows.
    excluded
        Rows to exclude.

    Examples
    --------
    >>> nearest(np.array([0.9, 0.1, 0.5, 0.7], np.float32), topn=2, excluded=[0])
    array([3, 2])
    """
    similarities[list(excluded)] = -np.inf
    first = len(similarities) - min(topn, len(similarities) - len(set(excluded)))
    best = np.argpartition(similarities, first)[first:] if first < len(similarities) else np.empty(0, np.int64)
    return best[np.lexsort((best, -similarities[best]))]
