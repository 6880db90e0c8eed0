"""The outputs of a regression, each solved by itself, or sixteen together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.block_code import OUTPUTS
from mt2st.models.convex.dual_blocks import ascend_block, begin_block
from mt2st.native import Floats, Numbers, Places

Doubles = NDArray[np.float64]
PASSES = 200


class Part(Protocol):
    """Some outputs that are solved independently of others."""

    def solve(self, cost: float, chosen: Places, tolerance: float) -> None:
        """Solve for a cost on the chosen examples, starting from the last solution."""
        ...


class Outputs(Protocol):
    """All outputs with their last solution."""

    @property
    def parts(self) -> Sequence[Part]:
        """The parts that can be solved in parallel."""
        ...

    def logits(self) -> Doubles:
        """Return a copy of the logits of the multipliers' shares of their costs, (rows, outputs)."""
        ...

    def weights(self) -> Doubles:
        """Return the solution, (columns of `Rows.matrix`, outputs)."""
        ...

    def scores(self, matrix: Any) -> Doubles:
        """Return the scores of the rows of a matrix with these columns: (rows, outputs)."""
        ...


@dataclass
class OneOutput:
    """One output, in double precision.

    Attributes
    ----------
    ascent
        `mt2st.models.convex.dual.dual_ascent`, or another, with the arguments before ``signs`` already bound.
    state
        What it updates: linear in the multipliers, and initially for a cost of 1.
    signs, sample_weight
        Sides and weights of its examples, (rows,); those with weight 0 are left out.
    logits
        The logits of the multipliers' shares of their costs, (rows,), changed in place.
    seed
        Seed of the order.
    deviations
        The state times these is the solution, (columns,); None if the multipliers are.
    """

    ascent: Callable[..., int]
    state: Doubles
    signs: Doubles
    sample_weight: Doubles
    logits: Doubles
    seed: int
    deviations: Floats | None
    cost: float = 1.0

    def solve(self, cost: float, chosen: Places, tolerance: float) -> None:
        """See `Part`."""
        # Multipliers keep their share of the cost, so the state, linear in them, is proportional to the cost.
        self.state *= cost / self.cost
        self.cost = cost
        own, seed = chosen[self.sample_weight[chosen] > 0], np.uint64(self.seed)
        self.ascent(self.signs, cost * self.sample_weight, own, self.state, self.logits, PASSES, tolerance, seed)

    def solution(self) -> Doubles:
        """Return the columns' weights or the multipliers."""
        if self.deviations is None:
            return multipliers(self.cost * self.sample_weight * self.signs, self.logits)
        return self.state * self.deviations


@dataclass
class Apart:
    """Outputs that are solved one by one."""

    parts: list[OneOutput]

    def logits(self) -> Doubles:
        """See `Outputs`."""
        return np.array([each.logits for each in self.parts]).T

    def weights(self) -> Doubles:
        """See `Outputs`."""
        return np.array([each.solution() for each in self.parts]).T

    def scores(self, matrix: Any) -> Doubles:
        """See `Outputs`."""
        return np.asarray(matrix @ self.weights())


class Block:
    """Up to `OUTPUTS` outputs, in single precision; each takes a fifth to an eighth of its time when solved alone.

    Parameters
    ----------
    columns, offsets, values
        The rows, none of them empty.
    variances
        (outputs, columns).
    signs, sample_weight, logits
        (rows, outputs), as in `OneOutput`.
    seed
        Seed of the order.
    """

    def __init__(
        self,
        columns: Numbers,
        offsets: Places,
        values: Floats,
        variances: Floats,
        signs: Doubles,
        sample_weight: Doubles,
        logits: Doubles,
        seed: int,
    ) -> None:
        self.rows, self.seed, self.cost = (columns, offsets, values), np.uint64(seed), 1.0
        self.signs, self.sample_weight = np.ascontiguousarray(signs), np.ascontiguousarray(sample_weight)
        self.logits = logits.copy()
        self.table = np.zeros((variances.shape[1], 2, OUTPUTS), np.float32)
        self.table[:, 1, : len(variances)] = variances.T
        self.squares, begun = (np.zeros((len(signs), OUTPUTS), np.float32) for _ in range(2))
        begun[:, : signs.shape[1]] = multipliers(sample_weight * signs, logits)
        begin_block(*self.rows, begun, self.table, self.squares)

    def solve(self, cost: float, chosen: Places, tolerance: float) -> None:
        """See `Part`."""
        self.table[:, 0] *= np.float32(cost / self.cost)
        self.cost = cost
        begun, costs = (*self.rows, self.table, self.squares), cost * self.sample_weight
        ascend_block(*begun, self.signs, costs, chosen.copy(), self.logits, PASSES, tolerance, self.seed)


@dataclass
class Blocks:
    """Outputs that are solved sixteen at once."""

    parts: list[Block]

    def logits(self) -> Doubles:
        """See `Outputs`."""
        return np.hstack([each.logits for each in self.parts])

    def weights(self) -> Doubles:
        """See `Outputs`."""
        return np.hstack([each.table[:, 0, : each.signs.shape[1]] for each in self.parts], dtype=np.float64)

    def scores(self, matrix: Any) -> Doubles:
        """See `Outputs`."""
        # The products with the variances are thrown away: that is far faster than copying the weights.
        found = [(matrix @ each.table.reshape(len(each.table), -1))[:, : each.signs.shape[1]] for each in self.parts]
        return np.hstack(found, dtype=np.float64)


def multipliers(costs: Doubles, logits: Doubles) -> Doubles:
    """Return the factor of each example's x in w: its cost, with its sign, times the sigmoid of its logit."""
    with np.errstate(over="ignore"):  # far below 0 the share is 0
        return np.asarray(costs / (1 + np.exp(-logits)))
