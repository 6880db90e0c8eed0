"""Setback: when the score has fallen well below the best, restore the best state and lower learning rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Setback:
    """Detects falls of the score.

    Parameters
    ----------
    depth
        Number of standard errors below the best score that make a fall; at half of that, or less, it ends.
    patience
        Number of consecutive observations of a fall that make a setback.

    Examples
    --------
    >>> setback = Setback(depth=2.0, patience=2)
    >>> [setback.observe(score, noise=0.01) for score in (0.60, 0.70, 0.66, 0.67, 0.69)]
    [False, False, False, True, False]
    >>> setback.best
    0.7
    """

    depth: float
    patience: int
    best: float | None = None
    low: int = 0

    def observe(self, score: float, noise: float) -> bool:
        """Record a score with its standard error, and return whether to restore the best state."""
        self.best = score if self.best is None else max(self.best, score)
        fall = self.best - score
        if fall > self.depth * noise:
            self.low += 1
        elif fall <= 0.5 * self.depth * noise:
            self.low = 0
        if self.low < self.patience:
            return False
        self.low = 0
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return the observations, as JSON values."""
        return {"best": self.best, "low": self.low}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the observations."""
        self.best, self.low = state["best"], state["low"]
