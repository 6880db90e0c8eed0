"""Payoff: whether the multi-task phase still gains as much for its cost as the primary alone would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mt2st.strategies.plateau import gain


@dataclass
class Payoff:
    """Compares the gain of the score per unit of cost with that which the single-task phase is expected to give.

    Parameters
    ----------
    expected
        The gain per unit of cost of the primary alone, as a trial has shown.
    window, patience
        As in `Plateau`: scores in each of two means; low gains in a row that are enough. A gain of more than twice what
        is expected starts the count anew.

    Examples
    --------
    >>> payoff = Payoff(expected=0.05, window=1, patience=2)
    >>> [payoff.observe(cost, score) for cost, score in enumerate([0.5, 0.6, 0.62, 0.63])]
    [False, False, False, True]
    """

    expected: float
    window: int
    patience: int
    points: list[tuple[float, float]] = field(default_factory=list)
    rise: float = 0.0
    low: int = 0

    def observe(self, cost: float, score: float) -> bool:
        """Take in cost and score so far, and say whether the primary alone would gain more from here on.

        What cost nothing more than the last is passed over.
        """
        if not self.points or cost > self.points[-1][0]:
            self.points = [*self.points, (cost, score)][-2 * self.window :]
            if len(self.points) == 2 * self.window:
                self._judge()
        return self.low >= self.patience

    def _judge(self) -> None:
        self.rise = gain(self.points, self.window)
        if self.rise <= self.expected:
            self.low += 1
        elif self.rise > 2.0 * self.expected:
            self.low = 0

    def state_dict(self) -> dict[str, Any]:
        """Return what was seen, as JSON values."""
        points = [list(point) for point in self.points]
        return {"expected": self.expected, "points": points, "rise": self.rise, "low": self.low}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what was seen."""
        self.expected, self.rise, self.low = state["expected"], state["rise"], state["low"]
        self.points = [(cost, score) for cost, score in state["points"]]
