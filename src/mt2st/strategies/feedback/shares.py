"""Shares: the share of its weight that each auxiliary keeps, by step."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Shares:
    """A step function of time for every auxiliary, 1 at first.

    Examples
    --------
    >>> shares = Shares(["film", "tweets"])
    >>> shares.set("film", 40, 0.5)
    >>> [shares.at("film", step) for step in (39, 40)], shares.now("film"), shares.any_left
    ([1.0, 0.5], 0.5, True)
    """

    auxiliaries: Sequence[str]
    turns: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def at(self, task: str, step: int) -> float:
        """Return the share at a step."""
        turns = self.turns.get(task, [])
        known = bisect_right(turns, step, key=lambda turn: turn[0])
        return turns[known - 1][1] if known else 1.0

    def now(self, task: str) -> float:
        """Return the share that was set last."""
        turns = self.turns.get(task)
        return turns[-1][1] if turns else 1.0

    def set(self, task: str, step: int, share: float) -> None:
        """Set the share from a step on, which must not be before the last one set."""
        self.turns.setdefault(task, []).append((step, share))

    @property
    def any_left(self) -> bool:
        """Return whether any auxiliary has a share left."""
        return any(self.now(task) for task in self.auxiliaries)

    def state_dict(self) -> dict[str, Any]:
        """Return the turns as JSON values."""
        return {task: [list(turn) for turn in turns] for task, turns in self.turns.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the turns."""
        self.turns = {task: [(step, share) for step, share in turns] for task, turns in state.items()}
