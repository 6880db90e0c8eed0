"""The single-task phase: a convex fit of the head on every labelled example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.fitted import Head
from mt2st.estimators.fitting.held_out import Known
from mt2st.estimators.fitting.side_by_side import FEW, SideBySide
from mt2st.models.convex import Judged, Rows, cross_validate, fit_temperature, logistic_path
from mt2st.models.convex.cross_validation import COSTS
from mt2st.models.convex.temperature import doubted

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
    counts: NDArray[np.float64],
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
    signs, counts
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
    strengths, share = np.divide(COSTS, counts[counts > 0].mean()).tolist() if costs is None else costs, SHARES[0]
    side_by_side = SideBySide.of(blocks, vectors=vectors)
    with ThreadPoolExecutor(workers) as pool:
        judge = partial(_judge, signs=signs, counts=counts, several=several, seed=seed, pool=pool, same=same)
        if vectors:
            first = judge(side_by_side.rows(share), strengths)
            tried = [(share, first)]
            near = 1.0 if many_signs(*signs.shape) else NEAR
            for each in SHARES[1:]:
                # For words alone the best strength may be far above the best with vectors.
                most = first.cost * near if each else strengths[-1]
                costs = [cost for cost in strengths if first.cost / near <= cost <= most]
                tried.append((each, judge(side_by_side.rows(each), costs)))
            share, best = max(tried, key=lambda each: each[1].accuracy)
            strengths = [best.cost]
        rows = side_by_side.rows(share)
        judged = judge(rows, strengths, as_new=side_by_side.as_new(share, known or Known(())))
        *_, solution = logistic_path(rows, signs, counts, [judged.cost], np.arange(len(rows)), pool)
    weights = side_by_side.weights(share, solution.weights)
    return Head(weights, _temperature(judged, signs, counts, several=several), judged.cost, share, judged.accuracy)


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


def _judge(
    rows: Rows,
    costs: Sequence[float],
    *,
    signs: NDArray[np.float64],
    counts: NDArray[np.float64],
    several: bool,
    seed: int,
    pool: ThreadPoolExecutor,
    same: NDArray[np.int64] | None,
    as_new: Callable[[NDArray[np.int64]], Any] | None = None,
) -> Judged:
    once = holds_out_once(*signs.shape)
    folds = 5 if len(rows) <= FEW or once else 3
    how = {"folds": folds, "seed": seed, "several": several, "once": once, "pool": pool, "same": same, "as_new": as_new}
    return cross_validate(rows, signs, counts, costs=costs, **how)  # type: ignore[arg-type]


def _temperature(judged: Judged, signs: NDArray[np.float64], counts: NDArray[np.float64], *, several: bool) -> float:
    scores, own = judged.scores[judged.rows], signs[judged.rows]
    truth = np.hstack([-own, own]) if own.shape[1] == 1 and not several else own
    shares = np.where(truth == 0, np.nan, doubted((truth > 0).astype(np.float64), several=several))
    return fit_temperature(scores, shares, counts[judged.rows].max(1), several=several)
