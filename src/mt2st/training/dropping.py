"""Dropping: an auxiliary with too many losses in a row that are not finite no longer runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mt2st.training.balance.losses import BAD_IN_A_ROW

if TYPE_CHECKING:
    from mt2st.tasks import Outcome


class Dropping:
    """Counts the steps in a row at which a task had losses and none was finite; at ten the task is dropped.

    `mt2st.Balance` does the same. A step with some finite losses is a good one: the kernel leaves out the others.

    Attributes
    ----------
    dropped
        The dropped tasks, each with the step and the reason in words.

    Examples
    --------
    >>> from mt2st.tasks import Outcome
    >>> dropping = Dropping()
    >>> events = [dropping.note("film", Outcome(0.0, 0, 5, 20, not_finite=5), step) for step in range(10)]
    >>> events[8], events[9]["text"]
    (None, "the task 'film' is dropped: its last 10 losses were not finite")
    >>> dropping.without({"products": 1.0, "film": 0.5})
    {'products': 1.0, 'film': 0.0}
    """

    def __init__(self) -> None:
        self.bad: dict[str, int] = {}
        self.dropped: dict[str, str] = {}

    def note(self, task: str, outcome: Outcome, step: int) -> dict[str, Any] | None:
        """Add the outcome of a step of an auxiliary; return the record of an event if that drops it, else None."""
        if outcome.terms or not outcome.not_finite:
            if outcome.terms:
                self.bad.pop(task, None)
            return None
        self.bad[task] = self.bad.get(task, 0) + 1
        if self.bad[task] < BAD_IN_A_ROW:
            return None
        reason = f"its last {self.bad.pop(task)} losses were not finite"
        self.dropped[task] = f"step {step}: {reason}"
        return {"step": step, "event": f"dropped {task}", "text": f"the task {task!r} is dropped: {reason}"}

    def without(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Return the weights, with 0 for dropped tasks."""
        return {task: 0.0 if task in self.dropped else weight for task, weight in weights.items()}

    def state_dict(self) -> dict[str, Any]:
        """Return counts and dropped tasks, as JSON values."""
        return {"bad": dict(self.bad), "dropped": dict(self.dropped)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load counts and dropped tasks."""
        self.bad, self.dropped = dict(state["bad"]), dict(state["dropped"])
