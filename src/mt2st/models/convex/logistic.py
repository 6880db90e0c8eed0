"""Logistic regression of one class against the rest, for one strength after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.rows import Rows

PASSES, TOLERANCE = 200, 1e-3
# Where a multiplier begins, as the logit of its share of the cost.
FIRST_LOGIT = -2.0


@dataclass(frozen=True)
class Regression:
    """A solution.

    Attributes
    ----------
    cost
        What each example's loss counted against ``|w|^2 / 2``: scikit-learn's C.
    weights
        (columns, outputs), or of a `Gram` multipliers, (rows, outputs); an output for each class, two classes share
        one.
    """

    cost: float
    weights: NDArray[np.float64]


def logistic_path(
    rows: Rows,
    signs: NDArray[np.float64],
    counts: NDArray[np.float64],
    costs: Sequence[float],
    chosen: NDArray[np.int64],
    pool: ThreadPoolExecutor | None = None,
    tolerance: float = TOLERANCE,
) -> Iterator[Regression]:
    """Yield the solution for each cost, each begun where the last one ended.

    Parameters
    ----------
    rows, signs
        The examples, and on which side of each output they are: 1 or -1, (rows, outputs); 0 where that is not known.
    counts
        What each example counts, (rows, outputs).
    costs
        Rising strengths of the data.
    chosen
        The examples to train on.
    pool
        Threads to share the outputs among.
    tolerance
        Of `dual_ascent`.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1.0], [-1.0]]))
    >>> signs, every = np.array([[1.0], [-1.0]]), np.arange(2)
    >>> found = next(logistic_path(rows, signs, np.ones((2, 1)), [1.0], every))
    >>> found.weights.round(3).ravel() + 0.0  # w = 2 sigmoid(-w), and no bias
    array([0.675, 0.   ])
    """
    logits = np.full(signs.shape[::-1], FIRST_LOGIT)
    known = np.zeros_like(signs)
    known[chosen] = (signs[chosen] != 0) * counts[chosen]
    variances = rows.variances(signs, known)
    ascents = list(map(rows.ascent, variances))
    # They keep their shares of a cost, so that what is made of them grows with it.
    state = rows.begin(_multipliers(known * signs, logits)) * variances

    def solve(output: int, cost: float, before: float) -> None:
        state[output] *= cost / before
        own, sign = chosen[known[chosen, output] > 0], np.ascontiguousarray(signs[:, output])
        place, seed = (state[output], logits[output]), np.uint64(output)
        ascents[output](sign, cost * known[:, output], own, *place, PASSES, tolerance, seed)

    before = 1.0
    for cost in costs:
        steps = range(signs.shape[1]), repeat(cost), repeat(before)
        for _ in map(solve, *steps) if pool is None else pool.map(solve, *steps):
            pass
        before = cost
        yield Regression(cost, rows.solution(state, _multipliers(cost * known * signs, logits)))


def _multipliers(counts: NDArray[np.float64], logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each row's x counts in w, (outputs, rows)."""
    with np.errstate(over="ignore"):  # far below 0 the share is 0
        return np.asarray(counts.T / (1 + np.exp(-logits)))
