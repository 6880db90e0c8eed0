"""Departures: removes auxiliaries that have ended from the agenda, the model and the optimisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mt2st.training.balance.agenda import Agenda
    from mt2st.training.balance.heads import Heads
    from mt2st.training.balance.losses import LossChecks


class Departures:
    """Drops auxiliaries, and records which were dropped.

    Parameters
    ----------
    heads, agenda, loss_checks
        What a dropped auxiliary is removed from: model and optimisers, the tasks that run, and the losses checked.

    Attributes
    ----------
    dropped
        The dropped auxiliaries, each with the step and the reason in words.
    ended
        The steps at which they were dropped.
    """

    def __init__(self, heads: Heads, agenda: Agenda, loss_checks: LossChecks) -> None:
        self.heads, self.agenda, self.loss_checks = heads, agenda, loss_checks
        self.dropped: dict[str, str] = {}
        self.ended: dict[str, int] = {}

    @property
    def turn(self) -> int:
        """Return the step at which the last auxiliary is dropped, as currently known."""
        return max([*self.agenda.endings.values(), *self.ended.values()], default=0)

    def due(self, step: int) -> None:
        """Drop the auxiliaries that have reached their ending, or had too many losses in a row that were not finite."""
        for task in self.agenda.over(step):
            self.drop(task, step, self.agenda.why(step))
        for task in self.loss_checks.given_up():
            self.drop(task, step, f"its last {self.loss_checks.bad[task]} losses were not finite")

    def drop(self, task: str, step: int, reason: str) -> None:
        """Drop one auxiliary."""
        self.dropped[task], self.ended[task] = f"step {step}: {reason}", step
        self.heads.release(task)
        del self.agenda.endings[task]
        self.loss_checks.forget(task)

    def restore(self, dropped: Mapping[str, str], ended: Mapping[str, int]) -> None:
        """Drop exactly the auxiliaries that a saved run had dropped, with the recorded steps."""
        for task in dropped:
            self.heads.release(task)
            self.loss_checks.forget(task)
        self.dropped, self.ended = dict(dropped), dict(ended)
        self.agenda.keep(task for task in self.agenda.strategy.auxiliaries if task not in dropped)
