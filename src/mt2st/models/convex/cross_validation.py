"""Cross-validation: choosing the strength C by scores on held-out folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.folds import choose_folds
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
    fold = choose_folds(signs, same, folds, seed, several=several)
    held_out = np.flatnonzero(fold == 0) if once else np.arange(len(rows))
    search = _Search(rows, signs, sample_weight, costs, fold, held_out, several, once, begin)
    # Threads share the outputs of a fit; if there is only one, the folds.
    across, within = (pool, None) if signs.shape[1] == 1 else (None, pool)
    hold_out = partial(search.hold_out, pool=within)
    for _ in map(hold_out, search.parts) if across is None else across.map(hold_out, search.parts):
        pass
    return search.best()


@dataclass
class _Search:
    """The scores of held-out rows by strength, and the multipliers by strength and fold; see `cross_validate`."""

    rows: Rows
    signs: NDArray[np.float64]
    sample_weight: NDArray[np.float64]
    costs: Sequence[float]
    fold: NDArray[np.int64]
    held_out: NDArray[np.int64]
    several: bool
    once: bool
    begin: Judged | None

    def __post_init__(self) -> None:
        self.matrix, self.scores = self.rows.matrix(), np.zeros((len(self.costs), *self.signs.shape))
        self.logits = dict[tuple[int, int], NDArray[np.float64]]()
        self.goals = list[float]()

    @property
    def parts(self) -> range:
        """The folds to hold out."""
        return range(1 if self.once else int(self.fold.max()) + 1)

    def hold_out(self, part: int, pool: ThreadPoolExecutor | None) -> None:
        """Fit to the other folds with each strength; if this is the only one, end when strengths get worse."""
        out, rest = np.flatnonzero(self.fold == part), np.flatnonzero(self.fold != part)
        own, begin = self.matrix[out], None if self.begin is None else self.begin.logits[part]
        path = solved(self.rows, self.signs, self.sample_weight, self.costs, rest, pool, ROUGH, begin)
        for k, outputs in enumerate(path):
            self.scores[k, out] = outputs.scores(own)
            if self.once:
                self.goals.append(self.goal(k))
                if k - np.argmax(self.goals) == WORSE:
                    break
            if not self.once or self.goals[k] == max(self.goals):
                self.logits[k, part] = outputs.logits()

    def goal(self, k: int) -> float:
        """Return what the best strength has most of: accuracy, minus a small share of the loss."""
        signs, weight = self.signs[self.held_out], self._known_weight()
        losses = np.logaddexp(0, -self.scores[k, self.held_out] * signs)
        return self.accuracy(k) - LOSS_COUNTS * float((weight * losses).sum() / weight.sum())

    def accuracy(self, k: int) -> float:
        """Return the accuracy on held-out rows."""
        scores, signs = self.scores[k, self.held_out], self.signs[self.held_out]
        return right_share(scores, signs, self._known_weight(), several=self.several)

    def _known_weight(self) -> NDArray[np.float64]:
        known: NDArray[np.float64] = self.sample_weight[self.held_out] * (self.signs[self.held_out] != 0)
        return known

    def best(self) -> Judged:
        """Return the best strength, with what its regressions found."""
        k = int(np.argmax(self.goals or [self.goal(k) for k in range(len(self.costs))]))
        scores, logits = self.scores[k, self.held_out], [self.logits[k, part] for part in self.parts]
        return Judged(self.costs[k], self.held_out, scores, self.accuracy(k), self.fold, logits)


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
