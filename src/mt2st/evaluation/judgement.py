"""The interface of all reports of a primary task on held-out examples."""

from __future__ import annotations

from typing import Any, Protocol


class Judgement(Protocol):
    """Measures of a task, one of which training uses."""

    @property
    def measure(self) -> str:
        """Return the name of the measure that training uses."""
        ...

    @property
    def score(self) -> float:
        """Return its value, from 0 to 1, higher is better."""
        ...

    @property
    def noise(self) -> float:
        """Return the score's standard error, from the number of examples."""
        ...

    def scores(self) -> dict[str, float]:
        """Return the measures to follow in training, that one first."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """Return all measures as JSON values."""
        ...
