"""The single-task phase: a convex fit of the head on every labelled example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from mt2st.estimators.fitting.fitted import Head
from mt2st.estimators.fitting.held_out import Known
from mt2st.estimators.fitting.side_by_side import FEW, SideBySide
from mt2st.models.convex import Judged, Rows, cross_validate, fit_temperature, logistic_path
from mt2st.models.convex.cross_validation import COSTS
from mt2st.models.convex.temperature import doubted

# What the vectors count beside words and n-grams; cross-validation chooses. Nothing at times: of long labelled texts
# alone they learn those texts, not the language.
SHARES = (1.0, 0.5, 0.25, 0.0)
# Shares but 0 are tried with the strengths within this factor of the best for the whole.
NEAR = 4.0
# Many examples tell strengths apart with fewer folds; of very many a fifth is held out, once.
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
        Of `mt2st.estimators.fitting.blocks.text_blocks`, the vectors last where ``vectors``.
    signs, counts
        See `mt2st.models.convex.logistic_path`.
    several
        Whether a text may have several labels.
    costs
        Strengths to choose from; None for the usual ones.
    seed, workers
        As everywhere; the result is the same with any number of workers.
    same
        A number of each text, equal for copies of one text, which are held out together; None where there are none.
    known
        What texts that are held out keep, for an honest temperature; None for all.
    """
    # What examples count on the mean takes no part in the choice: weights that sum to 1 have the same model.
    strengths, share = np.divide(COSTS, counts[counts > 0].mean()).tolist() if costs is None else costs, SHARES[0]
    # NumPy's own threads would sum in another order for each number of them, and wait for each other more than they do.
    with ThreadpoolController().limit(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        side_by_side = SideBySide.of(blocks, vectors=vectors)
        judge = partial(_judge, signs=signs, counts=counts, several=several, seed=seed, pool=pool, same=same)
        if vectors:
            first = judge(side_by_side.rows(share), strengths)
            tried = [(share, first)]
            near = 1.0 if many_signs(*signs.shape) else NEAR
            for each in SHARES[1:]:
                # Words alone want a strength that may be far above the best beside vectors.
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
    """Say whether cross-validation holds out one fold alone: of very many examples, or of many for many classes.

    Examples
    --------
    >>> holds_out_once(5000, 1), holds_out_once(5001, 1), holds_out_once(1000, 51)
    (False, True, True)
    """
    return examples > MANY or many_signs(examples, outputs)


def many_signs(examples: int, outputs: int) -> bool:
    """Say whether so many examples have so many outputs that a share is tried with the best strength alone."""
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
