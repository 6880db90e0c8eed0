"""Logistic regression of one class against the rest, for one strength after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.dual import dual_ascent
from mt2st.models.convex.evidence import column_scales, power_of
from mt2st.models.convex.rows import SparseRows

Doubles = NDArray[np.float64]
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
        (columns, outputs), of the rows as they are; an output for each class, two classes share one.
    """

    cost: float
    weights: Doubles


def logistic_path(
    rows: SparseRows,
    signs: Doubles,
    counts: Doubles,
    costs: Sequence[float],
    chosen: NDArray[np.int64],
    pool: ThreadPoolExecutor | None = None,
    tolerance: float = TOLERANCE,
    share: float = 1.0,
) -> list[Regression]:
    """Return the solution for each cost, each begun where the last one ended.

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
    share
        What the rows' shared columns count.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1.0], [-1.0]]))
    >>> signs, every = np.array([[1.0], [-1.0]]), np.arange(2)
    >>> (found,) = logistic_path(rows, signs, np.ones((2, 1)), [1.0], every)
    >>> found.weights.round(3).ravel() + 0.0  # w = 2 sigmoid(-w), and no bias
    array([0.675, 0.   ])
    """

    def solve(output: int) -> list[Doubles]:
        return list(solutions(rows, signs, counts, output, chosen, costs, (share,), tolerance))

    outputs = range(signs.shape[1])
    solved = list(map(solve, outputs) if pool is None else pool.map(solve, outputs))
    return [Regression(cost, np.stack(own, 1)) for cost, *own in zip(costs, *solved, strict=True)]


def solutions(
    rows: SparseRows,
    signs: Doubles,
    counts: Doubles,
    output: int,
    chosen: NDArray[np.int64],
    costs: Sequence[float],
    shares: Sequence[float],
    tolerance: float,
) -> Iterator[Doubles]:
    """Yield the weights of one output, (columns,): of the first share for each cost, then of the next.

    Parameters
    ----------
    rows, signs, counts, chosen, costs, tolerance
        As of `logistic_path`.
    output
        Which.
    shares
        What the rows' shared columns count.
    """
    own = chosen[(signs[chosen, output] != 0) & (counts[chosen, output] > 0)]
    sign, count, some = signs[own, output], counts[own, output], rows.some(own)
    scales = column_scales(some, sign, count, power_of(len(rows)))
    for share in shares:
        part = scales.copy()
        part[rows.shared_columns] *= np.float32(share)
        for weights in _path(some.scaled(part), sign, count, costs, tolerance, np.uint64(output)):
            yield weights * part


def _path(
    rows: SparseRows, signs: Doubles, counts: Doubles, costs: Sequence[float], tolerance: float, seed: np.uint64
) -> Iterator[Doubles]:
    """Yield the weights for each cost, live."""
    logits, order, before = np.full(len(rows), FIRST_LOGIT), np.arange(len(rows)), 1.0
    # Multipliers keep their shares of a cost, so that the weights, which are made of them, grow with it.
    weights = rows.sum_of(counts * signs / (1 + np.exp(-FIRST_LOGIT)))
    found = rows.columns.ids, rows.columns.offsets, rows.values, rows.squares
    for cost in costs:
        weights *= cost / before
        before = cost
        dual_ascent(*found, signs, cost * counts, order, weights, logits, PASSES, tolerance, seed)
        yield weights
