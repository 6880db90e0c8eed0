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
# With one fold held out, no more strengths are tried after so many in a row that are worse than the best: the last
# ones take the most time.
WORSE = 2
COSTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True)
class Judged:
    """The result of cross-validation.

    Attributes
    ----------
    cost
        The best strength.
    rows
        The rows held out: all, or those of one fold.
    scores
        Their scores by regressions with that strength that were not fitted to them, (rows, outputs).
    accuracy
        The weighted share of rows whose class is predicted correctly; with several labels, of correct labels.
    fold
        The fold of each row.
    logits
        The multipliers of each held-out fold's regression with that strength, see `Outputs.logits`.
    """

    cost: float
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    accuracy: float
    fold: NDArray[np.int64]
    logits: list[NDArray[np.float64]]

    def last_logits(self) -> NDArray[np.float64]:
        """Return each row's multipliers in a regression that was fitted to it, if there is one."""
        return np.where(self.fold[:, None] == 0, self.logits[-1], self.logits[0])


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
    scores: NDArray[np.float64], signs: NDArray[np.float64], sample_weight: NDArray[np.float64], *, several: bool
) -> float:
    """Return the weighted share of correctly predicted rows, or with several labels of correct labels."""
    if several or signs.shape[1] == 1:
        right, sample_weight = (scores * signs > 0).astype(np.float64), sample_weight * (signs != 0)
        return float((right * sample_weight).sum() / max(sample_weight.sum(), 1e-12))
    sample_weight = sample_weight.max(1)
    return float((sample_weight * (scores.argmax(1) == signs.argmax(1))).sum() / sample_weight.sum())


def cross_validate(
    rows: Rows,
    signs: NDArray[np.float64],
    sample_weight: NDArray[np.float64],
    *,
    costs: Sequence[float] = COSTS,
    folds: int = 5,
    seed: int = 0,
    several: bool = False,
    once: bool = False,
    pool: ThreadPoolExecutor | None = None,
    same: NDArray[np.int64] | None = None,
    begin: Judged | None = None,
) -> Judged:
    """Choose the strength with the best accuracy on held-out rows, and if that differs little, the least loss.

    Parameters
    ----------
    rows, signs, sample_weight
        As in `logistic_path`.
    costs
        The strengths to try, ascending.
    folds, seed
        The number of folds, and the seed of their choice.
    several
        Whether a row may have several labels.
    once
        Whether to hold out only one fold, and to try no more strengths after `WORSE` that are worse than the best.
    pool
        Threads.
    same
        A number for each row; rows with equal numbers are held out together, see `kept_together`.
    begin
        What was found with the same folds and similar rows: each fold begins from its multipliers.
    """
    groups = np.zeros(len(rows), np.int64) if several else (signs @ np.arange(1, 1 + signs.shape[1])).astype(np.int64)
    firsts, sets = kept_together(np.arange(len(rows)) if same is None else same, groups)
    fold = make_folds(groups[firsts], min(folds, len(firsts)), seed)[sets]
    matrix, found = rows.matrix(), np.zeros((len(costs), *signs.shape))
    judged = np.flatnonzero(fold == 0) if once else np.arange(len(rows))
    own, weights = signs[judged], sample_weight[judged] * (signs[judged] != 0)
    goals, logits = list[float](), dict[tuple[int, int], NDArray[np.float64]]()
    # Threads share the outputs of a fit; if there is only one, the folds.
    across, within = (pool, None) if signs.shape[1] == 1 else (None, pool)

    def goal(k: int) -> float:
        loss = (weights * np.logaddexp(0, -found[k, judged] * own)).sum() / weights.sum()
        return right_share(found[k, judged], own, weights, several=several) - LOSS_COUNTS * float(loss)

    def hold_out(part: int) -> None:
        out = np.flatnonzero(fold == part)
        held_out, rest, start = matrix[out], np.flatnonzero(fold != part), None if begin is None else begin.logits[part]
        for k, outputs in enumerate(solved(rows, signs, sample_weight, costs, rest, within, ROUGH, start)):
            found[k, out] = outputs.scores(held_out)
            if once:
                goals.append(goal(k))
                if k - np.argmax(goals) == WORSE:
                    break
            if not once or goals[k] == max(goals):
                logits[k, part] = outputs.logits()

    parts = range(1 if once else int(fold.max()) + 1)
    for _ in map(hold_out, parts) if across is None else across.map(hold_out, parts):
        pass
    best = int(np.argmax(goals or [goal(k) for k in range(len(costs))]))
    scores = found[best, judged]
    accuracy = right_share(scores, own, weights, several=several)
    return Judged(costs[best], judged, scores, accuracy, fold, [logits[best, part] for part in parts])


def scores_as_new(
    rows: Rows,
    signs: NDArray[np.float64],
    sample_weight: NDArray[np.float64],
    judged: Judged,
    as_new: Callable[[NDArray[np.int64]], Any],
    pool: ThreadPoolExecutor,
) -> NDArray[np.float64]:
    """Return the scores of the held-out rows by the same regressions, but as if their texts were new.

    Parameters
    ----------
    rows, signs, sample_weight
        As `cross_validate` had them.
    judged
        What it found.
    as_new
        Returns the rows of a fold, with the bias, as if their texts were new.
    pool
        Threads that share the folds.
    """
    found = np.zeros_like(signs)

    def score(part: int) -> None:
        out = np.flatnonzero(judged.fold == part)
        known = judged.cost * sample_weight * (signs != 0)
        known[out] = 0
        found[out] = rows.outputs(signs, known, judged.logits[part]).scores(as_new(out))

    for _ in pool.map(score, range(len(judged.logits))):
        pass
    return found[judged.rows]
