"""The single-task phase: a convex fit of the head on every labelled example."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.fitted import Head
from mt2st.estimators.fitting.held_out import Known
from mt2st.estimators.fitting.side_by_side import FEW, SideBySide
from mt2st.models.convex import Judged, cross_validate, fit_temperature, logistic_path, scores_as_new
from mt2st.models.convex.cross_validation import COSTS
from mt2st.models.convex.temperature import smoothed

# Shares of the vectors relative to words and n-grams, chosen by cross-validation. 0 is among them, as vectors learned
# only from long labelled texts fit those texts, not the language.
SHARES = (1.0, 0.5, 0.25, 0.0)
# Other shares than 0 are tried with the strengths within this factor of the best for share 1.
NEAR = 4.0
# With more examples, or more examples times outputs, than these, only one fold of a fifth is held out.
MANY, MANY_SIGNS = 5000, 50_000


def fit_head(
    blocks: list[Any],
    signs: NDArray[np.float64],
    sample_weight: NDArray[np.float64],
    *,
    vectors: bool,
    several: bool,
    costs: Sequence[float] | None,
    seed: int,
    workers: int,
    same: NDArray[np.int64] | None = None,
    known: Known | None = None,
) -> Head:
    """Fit the head.

    Parameters
    ----------
    blocks
        From `mt2st.estimators.fitting.blocks.text_blocks`; with ``vectors``, the last is that of the vectors.
    signs, sample_weight
        See `mt2st.models.convex.logistic_path`.
    several
        Whether a text may have several labels.
    costs
        Values of C to choose from; None for the usual ones.
    seed, workers
        Seed of the folds, and threads; the result does not depend on their number.
    same
        A number for each text, equal for copies of one text, which are held out together; None if there are no copies.
    known
        The columns and vectors that held-out texts keep, for an unbiased temperature; None for all.
    """
    # Divided by the mean weight of the examples, so that scaling all weights does not change the model.
    strengths = np.divide(COSTS, sample_weight[sample_weight > 0].mean()).tolist() if costs is None else costs
    side_by_side, once = SideBySide.of(blocks, vectors=vectors), holds_out_once(*signs.shape)
    folds = 5 if len(signs) <= FEW or once else 3
    how = {"folds": folds, "seed": seed, "several": several, "once": once, "same": same}
    with ThreadPoolExecutor(workers) as pool:
        search = _ShareSearch(side_by_side, signs, sample_weight, how, pool)
        share, judged = search.best(strengths) if vectors else (SHARES[0], search.judge(SHARES[0], strengths))
        rows, as_new = side_by_side.rows(share), side_by_side.as_new(share, known or Known(()))
        scores = scores_as_new(rows, signs, sample_weight, judged, as_new, pool)
        every, begin = np.arange(len(rows)), judged.last_logits()
        *_, solution = logistic_path(rows, signs, sample_weight, [judged.cost], every, pool, logits=begin)
    temperature = _temperature(scores, signs[judged.rows], sample_weight[judged.rows], several=several)
    return Head(side_by_side.weights(share, solution.weights), temperature, judged.cost, share, judged.accuracy)


@dataclass(frozen=True)
class _ShareSearch:
    """Cross-validation with different shares of the vectors.

    Attributes
    ----------
    how
        The other arguments of `cross_validate`.
    """

    side_by_side: SideBySide
    signs: NDArray[np.float64]
    sample_weight: NDArray[np.float64]
    how: dict[str, Any]
    pool: ThreadPoolExecutor

    @property
    def apart(self) -> bool:
        """Whether a cross-validation occupies a single thread, as one fold of one output does."""
        return bool(self.how["once"]) and self.signs.shape[1] == 1

    def judge(self, share: float, costs: Sequence[float], begin: Judged | None = None) -> Judged:
        """Cross-validate the strengths with one share."""
        own = {"costs": costs, "begin": begin, "pool": None if self.apart else self.pool, **self.how}
        return cross_validate(self.side_by_side.rows(share), self.signs, self.sample_weight, **own)

    def best(self, strengths: Sequence[float]) -> tuple[float, Judged]:
        """Return the share with the best accuracy, and what was found with it."""
        first = self.judge(SHARES[0], strengths)
        near = 1.0 if many_signs(*self.signs.shape) else NEAR
        # For words alone the best strength may be far above the best with vectors.
        most = [first.cost * near if share else strengths[-1] for share in SHARES[1:]]
        close = [[cost for cost in strengths if first.cost / near <= cost <= each] for each in most]
        rest = (self.pool.map if self.apart else map)(self.judge, SHARES[1:], close, repeat(first))
        return max(zip(SHARES, chain([first], rest), strict=True), key=lambda each: each[1].accuracy)


def holds_out_once(examples: int, outputs: int) -> bool:
    """Return whether cross-validation holds out only one fold: for very many examples, or many with many classes.

    Examples
    --------
    >>> holds_out_once(5000, 1), holds_out_once(5001, 1), holds_out_once(1000, 51)
    (False, True, True)
    """
    return examples > MANY or many_signs(examples, outputs)


def many_signs(examples: int, outputs: int) -> bool:
    """Return whether there are so many examples times outputs that a share is tried only with the best strength."""
    return examples * outputs > MANY_SIGNS


def _temperature(
    scores: NDArray[np.float64], signs: NDArray[np.float64], sample_weight: NDArray[np.float64], *, several: bool
) -> float:
    truth = np.hstack([-signs, signs]) if signs.shape[1] == 1 and not several else signs
    shares = np.where(truth == 0, np.nan, smoothed((truth > 0).astype(np.float64), several=several))
    return fit_temperature(scores, shares, sample_weight.max(1), several=several)
