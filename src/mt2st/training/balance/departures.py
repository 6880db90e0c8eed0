"""Departures: auxiliaries that are over leave the agenda, the model and the optimisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mt2st.training.balance.agenda import Agenda
    from mt2st.training.balance.heads import Heads
    from mt2st.training.balance.losses import Watch


class Departures:
    """Lets auxiliaries go, and knows which are gone.

    Parameters
    ----------
    heads, agenda, watch
        What an auxiliary is taken out of: model and optimisers, what is to run, and the losses that are looked at.

    Attributes
    ----------
    dropped
        Auxiliaries that are gone, with the step and the reason in words.
    ended
        The steps at which they went.
    """

    def __init__(self, heads: Heads, agenda: Agenda, watch: Watch) -> None:
        self.heads, self.agenda, self.watch = heads, agenda, watch
        self.dropped: dict[str, str] = {}
        self.ended: dict[str, int] = {}

    @property
    def turn(self) -> int:
        """Return the step at which the last auxiliary goes, as far as is known."""
        return max([*self.agenda.endings.values(), *self.ended.values()], default=0)

    def due(self, step: int) -> None:
        """Let those go whose ending is reached, and those whose losses were no numbers for too long."""
        for task in self.agenda.over(step):
            self.drop(task, step, self.agenda.why(step))
        for task in self.watch.given_up():
            self.drop(task, step, f"its last {self.watch.bad[task]} losses were not finite")

    def drop(self, task: str, step: int, reason: str) -> None:
        """Let one go."""
        self.dropped[task], self.ended[task] = f"step {step}: {reason}", step
        self.heads.release(task)
        del self.agenda.endings[task]
        self.watch.forget(task)

    def take_up(self, dropped: Mapping[str, str], ended: Mapping[str, int]) -> None:
        """Let those of a saved run go, at the steps of then, and have all others stay."""
        for task in dropped:
            self.heads.release(task)
            self.watch.forget(task)
        self.dropped, self.ended = dict(dropped), dict(ended)
        self.agenda.keep(task for task in self.agenda.strategy.auxiliaries if task not in dropped)
