"""Folds for cross-validation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def choose_folds(
    signs: NDArray[np.float64], same: NDArray[np.int64] | None, folds: int, seed: int, *, several: bool
) -> NDArray[np.int64]:
    """Return the fold of each row, the classes distributed evenly, and equal rows in one fold; see `cross_validate`."""
    groups = np.zeros(len(signs), np.int64) if several else (signs @ np.arange(1, 1 + signs.shape[1])).astype(np.int64)
    firsts, sets = kept_together(np.arange(len(signs)) if same is None else same, groups)
    return make_folds(groups[firsts], min(folds, len(firsts)), seed)[sets]


def make_folds(groups: NDArray[np.int64], folds: int, seed: int | Sequence[int]) -> NDArray[np.int64]:
    """Return the fold of each row; the rows of each group are distributed evenly.

    Examples
    --------
    >>> np.bincount(make_folds(np.array([0] * 6 + [1] * 3), 3, seed=1)[:6]).tolist()
    [2, 2, 2]
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(groups))
    order = order[np.argsort(groups[order], kind="stable")]
    found = np.empty(len(groups), np.int64)
    found[order] = np.arange(len(groups)) % folds
    return found


def kept_together(same: NDArray[np.int64], groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each set of rows to hold out together, and the set of each row.

    If copies of a row were in two folds, the row would be in its own training data. But if a group has only copies of
    one row, these are distributed, as otherwise holding it out would leave nothing of the group to learn from.

    Parameters
    ----------
    same
        A number for each row, equal for copies.
    groups
        The group of each row.

    Examples
    --------
    >>> kept_together(np.array([7, 5, 7, 5, 3, 3]), np.array([0, 0, 0, 0, 1, 1]))
    (array([0, 1, 4, 5]), array([0, 1, 0, 1, 2, 3]))
    """
    firsts, sets = _by_appearance(same)
    parted = firsts[sets]
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        if len(np.unique(sets[rows])) == 1:
            parted[rows] = rows
    return _by_appearance(parted)


def _by_appearance(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the index of each number's first occurrence, ascending, and for each element the place in these."""
    _, firsts, sets = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    return firsts[order], np.argsort(order)[sets]
