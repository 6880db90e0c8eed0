"""Action: what a strategy does in reaction to training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Saved = Literal["start", "best"]


@dataclass(frozen=True, slots=True)
class Action:
    """An action at a step, with its reason.

    Attributes
    ----------
    step
        The step from which it takes effect.
    name
        ``"keep"`` and ``"restore"`` must be carried out by the loop: save all parameters and optimiser state as the
        best so far, or restore saved ones. The others, ``"trust"``, ``"scale"``, ``"drop"``, ``"switch"`` and
        ``"rate"``, have already been carried out; ``"rate"`` only has an effect through `PhaseLR`.
    reason
        The reason in words; empty for ``"keep"``, which is not reported.
    task
        The auxiliary it concerns, if any.
    state
        For ``"restore"``: the state before the first step, or the best one saved.

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
