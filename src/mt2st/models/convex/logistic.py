"""Logistic regression of one class against the rest, on sparse rows, for one strength after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.dual import dual_ascent
from mt2st.text import Ragged

PASSES, TOLERANCE = 200, 1e-3
# Where a multiplier begins, as the logit of its share of the cost.
FIRST_LOGIT = -2.0


@dataclass(frozen=True)
class SparseRows:
    """Rows of a sparse matrix; a column of ones for the bias comes last.

    Attributes
    ----------
    columns
        Each row's columns.
    values
        What they hold, float32, as many as ``columns.ids``.
    size
        How many columns there are.
    """

    columns: Ragged
    values: NDArray[np.float32]
    size: int

    @classmethod
    def of(cls, *matrices: object) -> SparseRows:
        """Return the rows of dense or sparse matrices side by side, each (rows, columns), with ones behind them.

        SciPy's ``hstack`` goes by the coordinates of all entries, which takes five times as long.
        """
        from scipy.sparse import csr_array

        blocks = [csr_array(matrix) for matrix in matrices]
        lengths = [np.diff(block.indptr) for block in blocks]
        offsets = np.append(0, np.cumsum(np.sum(lengths, 0, dtype=np.int64) + 1))
        columns, values = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.float32)
        at, size = offsets[:-1].copy(), 0
        for block, own in zip(blocks, lengths, strict=True):
            places = np.arange(block.nnz) + np.repeat(at - block.indptr[:-1], own)
            columns[places], values[places] = block.indices + size, block.data
            at, size = at + own, size + block.shape[1]
        columns[at], values[at] = size, 1
        return cls(Ragged(columns, offsets), values, size + 1)

    def __len__(self) -> int:
        return len(self.columns)

    def matrix(self) -> Any:
        """Return SciPy's matrix of the same rows."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.columns.ids, self.columns.offsets), (len(self), self.size))

    def scores(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rows times weights of shape (columns, classes)."""
        found: NDArray[np.float64] = self.matrix() @ weights
        return found


@dataclass(frozen=True)
class Regression:
    """A solution.

    Attributes
    ----------
    cost
        What each example's loss counted against ``|w|^2 / 2``: scikit-learn's C.
    weights
        (columns, outputs); an output for each class, two classes share one.
    """

    cost: float
    weights: NDArray[np.float64]


def logistic_path(
    rows: SparseRows,
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
    >>> rows = SparseRows.of(np.array([[1.0], [-1.0]]))
    >>> signs, every = np.array([[1.0], [-1.0]]), np.arange(2)
    >>> found = next(logistic_path(rows, signs, np.ones((2, 1)), [1.0], every))
    >>> found.weights.round(3).ravel() + 0.0  # w = 2 sigmoid(-w), and no bias
    array([0.675, 0.   ])
    """
    squares = np.add.reduceat(rows.values.astype(np.float64) ** 2, rows.columns.offsets[:-1])
    logits = np.full(signs.shape[::-1], FIRST_LOGIT)
    arrays = rows.columns.ids, rows.columns.offsets, rows.values
    known = np.zeros_like(signs)
    known[chosen] = (signs[chosen] != 0) * counts[chosen]
    # Where each multiplier begins, for a cost of 1. They keep their shares of a cost, so that weights grow with it.
    moved = (known * signs / (1 + np.exp(-FIRST_LOGIT))).T
    weights = np.ascontiguousarray(moved @ rows.matrix(), np.float64)

    def solve(output: int, cost: float, before: float) -> None:
        weights[output] *= cost / before
        own, sign = chosen[known[chosen, output] > 0], np.ascontiguousarray(signs[:, output])
        place = weights[output], logits[output]
        dual_ascent(*arrays, squares, sign, cost * known[:, output], own, *place, PASSES, tolerance, np.uint64(output))

    before = 1.0
    for cost in costs:
        steps = range(signs.shape[1]), repeat(cost), repeat(before)
        for _ in map(solve, *steps) if pool is None else pool.map(solve, *steps):
            pass
        before = cost
        yield Regression(cost, weights.T.copy())
