"""Cross-validation: choosing the strength C by scores on held-out folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.logistic import solved
from mt2st.models.convex.rows import Rows

# Weight of the loss when accuracies are compared: small, but with equal accuracies the lower loss wins.
LOSS_COUNTS = 0.1
# A rough solution is enough to compare strengths: accuracies differ by at most 0.3 points, in 0.6 to 0.95 of the time.
ROUGH = 1e-2
COSTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True)
class Judged:
    """The result of cross-validation.

    Attributes
    ----------
    cost
        The best strength.
    scores
        Scores of each row by a regression with that strength not fitted to the row, (rows, outputs).
    rows
        The rows that have scores: all, unless only one fold was held out.
    accuracy
        The weighted share of rows whose class is predicted correctly; with several labels, of correct labels.
    """

    cost: float
    scores: NDArray[np.float64]
    rows: NDArray[np.int64]
    accuracy: float


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


def right_share(
    scores: NDArray[np.float64], signs: NDArray[np.float64], counts: NDArray[np.float64], *, several: bool
) -> float:
    """Return the weighted share of correctly predicted rows, or with several labels of correct labels."""
    if several or signs.shape[1] == 1:
        right, counts = (scores * signs > 0).astype(np.float64), counts * (signs != 0)
        return float((right * counts).sum() / max(counts.sum(), 1e-12))
    counts = counts.max(1)
    return float((counts * (scores.argmax(1) == signs.argmax(1))).sum() / counts.sum())


def cross_validate(
    rows: Rows,
    signs: NDArray[np.float64],
    counts: NDArray[np.float64],
    *,
    costs: Sequence[float] = COSTS,
    folds: int = 5,
    seed: int = 0,
    several: bool = False,
    once: bool = False,
    pool: ThreadPoolExecutor | None = None,
    same: NDArray[np.int64] | None = None,
    as_new: Callable[[NDArray[np.int64]], Any] | None = None,
) -> Judged:
    """Choose the strength with the best accuracy on held-out rows, and if that differs little, the least loss.

    Parameters
    ----------
    rows, signs, counts
        As in `logistic_path`.
    costs
        The strengths to try, ascending.
    folds, seed
        The number of folds, and the seed of their choice.
    several
        Whether a row may have several labels.
    once
        Whether to hold out only one fold, which takes a fraction of the time.
    pool
        Threads.
    same
        A number for each row; rows with equal numbers are held out together, see `kept_together`.
    as_new
        Returns the rows of a fold, with the bias, as if their texts were new; ``scores`` are of these. The strength is
        chosen on the unchanged rows.
    """
    groups = np.zeros(len(rows), np.int64) if several else (signs @ np.arange(1, 1 + signs.shape[1])).astype(np.int64)
    firsts, sets = kept_together(np.arange(len(rows)) if same is None else same, groups)
    fold = make_folds(groups[firsts], min(folds, len(firsts)), seed)[sets]
    matrix = rows.matrix()
    found, new = np.zeros((len(costs), *signs.shape)), np.zeros((len(costs), *signs.shape))
    judged = np.flatnonzero(fold == 0) if once else np.arange(len(rows))
    # Threads share the outputs of a fit; if there is only one, the folds.
    across, within = (pool, None) if signs.shape[1] == 1 else (None, pool)

    def hold_out(part: int) -> None:
        out = np.flatnonzero(fold == part)
        held_out = matrix[out]
        later = held_out if as_new is None else as_new(out)
        for k, outputs in enumerate(solved(rows, signs, counts, costs, np.flatnonzero(fold != part), within, ROUGH)):
            found[k, out], new[k, out] = outputs.scores(held_out), outputs.scores(later)

    parts = range(1 if once else int(fold.max()) + 1)
    for _ in map(hold_out, parts) if across is None else across.map(hold_out, parts):
        pass
    signs, counts = signs[judged], counts[judged] * (signs[judged] != 0)
    seen = found[:, judged]
    accuracies = [right_share(scores, signs, counts, several=several) for scores in seen]
    losses = [float((counts * np.logaddexp(0, -scores * signs)).sum() / counts.sum()) for scores in seen]
    best = int(np.argmax(np.array(accuracies) - LOSS_COUNTS * np.array(losses)))
    return Judged(costs[best], new[best], judged, accuracies[best])
