"""The mean cosine of each task since the means were last taken."""

from __future__ import annotations

import math
from collections.abc import Mapping


class MeanCosines:
    """Sums cosines, ignoring those that are not finite, until their means are taken.

    Examples
    --------
    >>> means = MeanCosines()
    >>> for value in (1.0, math.nan, 0.5):
    ...     means.add("film", value)
    >>> means.state_dict(), means.take(), means.take()
    ({'film': [1.5, 2]}, {'film': 0.75}, {})
    """

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, int]] = {}

    def add(self, task: str, value: float) -> None:
        """Add a cosine of one task: NaN if a gradient is zero or not finite."""
        if math.isfinite(value):
            total, count = self._sums.get(task, (0.0, 0))
            self._sums[task] = (total + value, count + 1)

    def take(self) -> dict[str, float]:
        """Return the mean of each task that has cosines, and start over."""
        means = {task: total / count for task, (total, count) in self._sums.items()}
        self._sums = {}
        return means

    def state_dict(self) -> dict[str, list[float]]:
        """Return the sum and the number of the cosines not yet taken, by task, as JSON values."""
        return {task: list(pair) for task, pair in self._sums.items()}

    def load_state_dict(self, state: Mapping[str, tuple[float, int]]) -> None:
        """Load the cosines not yet taken."""
        self._sums = {task: (total, count) for task, (total, count) in state.items()}
