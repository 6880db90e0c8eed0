"""Action: what a strategy that watches training does about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Saved = Literal["start", "best"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done at one step, with its reason in words.

    Attributes
    ----------
    step
        The step from which on it holds.
    name
        ``"keep"`` and ``"restore"`` are for the loop to carry out: keep all parameters and optimiser state as the best
        so far, or put kept ones back. All others are done by the time they are told:
        ``"trust"``, ``"scale"``, ``"drop"``, ``"switch"``, ``"rate"``; ``"rate"`` in what `PhaseLR` applies, and
        nowhere without one.
    reason
        Why, in words; empty for ``"keep"``, which is no event.
    task
        The auxiliary it concerns, where it is one.
    state
        Of ``"restore"``: the state before the first step, or the best one kept.

    Examples
    --------
    >>> Action(40, "drop", "it gained nothing", task="film").text()
    'film: drop, as it gained nothing'
    """

    step: int
    name: str
    reason: str = ""
    task: str | None = None
    state: Saved | None = None

    def text(self) -> str:
        """Return the action in words."""
        what = f"{self.name} the {'first' if self.state == 'start' else 'best'} state" if self.state else self.name
        return f"{self.task + ': ' if self.task else ''}{what}, as {self.reason}"
