"""The single-task phase: a convex fit of the head on every labelled example."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.blocks import join_blocks
from mt2st.estimators.fitting.fitted import Head
from mt2st.estimators.fitting.held_out import Known, as_new_texts
from mt2st.models.convex import Judged, cross_validate, fit_temperature, logistic_path
from mt2st.models.convex.cross_validation import COSTS
from mt2st.models.convex.temperature import doubted

# What the vectors count beside words and n-grams; cross-validation chooses. Nothing at times: of long labelled texts
# alone they learn those texts, not the language.
SHARES = (1.0, 0.5, 0.25, 0.0)
# Shares are tried with strengths within this factor of the best for the whole.
NEAR = 4.0
# Many examples tell strengths apart with fewer folds; of very many a fifth is held out, once.
FEW, MANY, MANY_SIGNS = 1000, 5000, 50_000


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
    rows, every = join_blocks(blocks, vectors=vectors), np.arange(len(signs))
    # What examples count on the mean takes no part in the choice: weights that sum to 1 have the same model.
    strengths = np.divide(COSTS, counts[counts > 0].mean()).tolist() if costs is None else costs
    once, later = holds_out_once(*signs.shape), as_new_texts(blocks, known or Known(()), vectors=vectors)
    folds = 5 if len(rows) <= FEW or once else 3
    with ThreadPoolExecutor(workers) as pool:
        judge = partial(
            cross_validate,
            rows,
            signs,
            counts,
            folds=folds,
            seed=seed,
            several=several,
            once=once,
            same=same,
            pool=pool,
        )
        judged = judge(costs=strengths, as_new=None if vectors else later)
        if vectors:
            near = [cost for cost in strengths if judged.cost / NEAR <= cost <= judged.cost * NEAR]
            judged = judge(costs=near, shares=SHARES, as_new=later)
        (solution,) = logistic_path(rows, signs, counts, [judged.cost], every, pool, share=judged.share)
    temperature = _temperature(judged, signs, counts, several=several)
    return Head(solution.weights, temperature, judged.cost, judged.share, judged.accuracy)


def holds_out_once(examples: int, outputs: int) -> bool:
    """Say whether cross-validation holds out one fold alone: of very many examples, or of many for many classes.

    Examples
    --------
    >>> holds_out_once(5000, 1), holds_out_once(5001, 1), holds_out_once(1000, 51)
    (False, True, True)
    """
    return examples > MANY or examples * outputs > MANY_SIGNS


def _temperature(judged: Judged, signs: NDArray[np.float64], counts: NDArray[np.float64], *, several: bool) -> float:
    scores, own = judged.scores, signs[judged.rows]
    truth = np.hstack([-own, own]) if own.shape[1] == 1 and not several else own
    shares = doubted((truth > 0).astype(np.float64), several=several)
    return fit_temperature(scores, shares, counts[judged.rows].max(1), several=several)
