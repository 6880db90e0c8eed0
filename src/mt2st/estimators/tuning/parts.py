"""The choice of held-out examples."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.folds import make_folds

Places = NDArray[np.int64]
# Up to FEW examples are all held out in turn, in FOLDS folds; of more, one of SHARE parts is held out once.
FOLDS, FEW = 4, 1000
SHARE = 5
# Number of different selections of held-out examples for settings that seem to win.
ROUNDS = 3


@dataclass(frozen=True)
class Part:
    """Indices of the examples to train on, and of those to evaluate on."""

    training: Places
    held_out: Places


def hold_out(keys: Sequence[Hashable], groups: NDArray[np.int32], seed: int | Sequence[int]) -> list[Part]:
    """Deal examples to folds, stratified by labels; return a part for each fold to evaluate on.

    Parameters
    ----------
    keys
        A key for each example; those with equal keys are held out together.
    groups
        A number for each example's label, or set of labels.
    seed
        Seed of the dealing.

    Examples
    --------
    >>> parts = hold_out(["a", "b", "c", "d", "a", "e"], np.array([0, 1, 0, 1, 0, 1], np.int32), seed=0)
    >>> [part.held_out.tolist() for part in parts]
    [[1, 2], [0, 4], [5], [3]]
    """
    number: dict[Hashable, int] = {}
    kinds = np.array([number.setdefault(key, len(number)) for key in keys], np.int64)
    _, firsts = np.unique(kinds, return_index=True)
    few = len(keys) <= FEW
    fold = make_folds(groups[firsts].astype(np.int64), FOLDS if few else SHARE, seed)[kinds]
    dealt = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS if few else 1)]
    return [Part(training, out) for training, out in dealt if len(training) and len(out)]
