"""One-versus-rest logistic regression, for one strength after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.outputs import Outputs, Part
from mt2st.models.convex.rows import Rows

TOLERANCE = 1e-3
# The initial value of a multiplier, as the logit of its share of the cost.
FIRST_LOGIT = -2.0


@dataclass(frozen=True)
class Regression:
    """A solution.

    Attributes
    ----------
    cost
        The weight of each example's loss against ``|w|^2 / 2``: scikit-learn's C.
    weights
        (columns, outputs), or for a `Gram` multipliers, (rows, outputs); one output for each class, or a single one for
        two classes.
    """

    cost: float
    weights: NDArray[np.float64]


def logistic_path(
    rows: Rows,
    signs: NDArray[np.float64],
    sample_weight: NDArray[np.float64],
    costs: Sequence[float],
    chosen: NDArray[np.int64],
    pool: ThreadPoolExecutor | None = None,
    tolerance: float = TOLERANCE,
    logits: NDArray[np.float64] | None = None,
) -> Iterator[Regression]:
    """Yield the solution for each cost, each starting from the last one.

    Parameters
    ----------
    rows, signs
        The examples, and their side for each output: 1 or -1, (rows, outputs); 0 if not known.
    sample_weight
        The weight of each example, (rows, outputs).
    costs
        Strengths C, ascending.
    chosen
        The examples to train on.
    pool
        Threads that share the outputs.
    tolerance
        As in `dual_ascent`.
    logits
        The multipliers to begin from, see `Outputs.logits`; None for equal ones.

    Examples
    --------
    >>> from mt2st.models.convex import SparseRows
    >>> rows = SparseRows.of(np.array([[1.0], [-1.0]]))
    >>> signs, every = np.array([[1.0], [-1.0]]), np.arange(2)
    >>> found = next(logistic_path(rows, signs, np.ones((2, 1)), [1.0], every))
    >>> found.weights.round(3).ravel() + 0.0  # w = 2 sigmoid(-w), and no bias
    array([0.675, 0.   ])
    """
    for cost, outputs in zip(
        costs, solved(rows, signs, sample_weight, costs, chosen, pool, tolerance, logits), strict=True
    ):
        yield Regression(cost, outputs.weights())


def solved(
    rows: Rows,
    signs: NDArray[np.float64],
    sample_weight: NDArray[np.float64],
    costs: Sequence[float],
    chosen: NDArray[np.int64],
    pool: ThreadPoolExecutor | None,
    tolerance: float,
    logits: NDArray[np.float64] | None = None,
) -> Iterator[Outputs]:
    """Do as `logistic_path`, but yield the outputs themselves, which the next cost changes."""
    known = np.zeros_like(signs)
    known[chosen] = (signs[chosen] != 0) * sample_weight[chosen]
    outputs = rows.outputs(signs, known, np.full_like(signs, FIRST_LOGIT) if logits is None else logits)
    for cost in costs:
        solve = partial(_solve, cost=cost, chosen=chosen, tolerance=tolerance)
        for _ in map(solve, outputs.parts) if pool is None else pool.map(solve, outputs.parts):
            pass
        yield outputs


def _solve(part: Part, *, cost: float, chosen: NDArray[np.int64], tolerance: float) -> None:
    part.solve(cost, chosen, tolerance)
