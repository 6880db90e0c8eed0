"""Course: the current schedule: trials, then the base's schedule with all decisions so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mt2st.strategies.clock import Clock
from mt2st.strategies.feedback.shares import Shares
from mt2st.strategies.feedback.trials import Trials
from mt2st.strategies.strategy import Phase, Strategy


@dataclass
class Course:
    """Weights, phases and rates by step.

    Parameters
    ----------
    base
        The strategy to follow after the trials; `begin` binds it.
    primary, clock
        The primary's name, and the clock of the whole run.
    trials, shares
        The trials, and the share of its weight that each auxiliary keeps.

    Attributes
    ----------
    switched
        The step from which the primary is alone, if decided.
    slowed
        The step at which learning rates were last changed, and their factor since.
    """

    base: Strategy
    primary: str
    clock: Clock
    trials: Trials
    shares: Shares
    switched: int | None = None
    slowed: tuple[int, float] = field(default=(0, 1.0))

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Bind the base to the steps left after the trials: the planned number, or once they are over, the actual one.

        Until then, a late observation moves the end of the trials, but does not change the clock of the base.
        """
        stop = self.trials.stop if self.trials.over else self.trials.planned
        left = Clock(max(self.clock.total_steps - stop, 1), self.clock.steps_per_epoch)
        self.base = self.base.bind(self.primary, self.trials.auxiliaries, left)

    def alone(self, step: int) -> bool:
        """Return whether an early switch has made the primary alone at a step."""
        return self.switched is not None and step >= self.switched

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the base's weight times the auxiliary's share; in trials at most one auxiliary has a weight."""
        if step < self.trials.stop:
            return self.base.auxiliary_weight(task, 0) if self.trials.active(step) == task else 0.0
        if self.alone(step):
            return 0.0
        return self.shares.at(task, step) * self.base.auxiliary_weight(task, step - self.trials.stop)

    def primary_weight(self, step: int) -> float:
        """Return the base's weight of the primary, 1 if no auxiliary has a weight."""
        if step < self.trials.stop:
            return self.base.primary_weight(0) if self.trials.active(step) else 1.0
        return 1.0 if self.alone(step) else self.base.primary_weight(step - self.trials.stop)

    def transition(self) -> int:
        """Return the first step of the single-task phase, as currently planned."""
        turn = self.trials.stop + self.base.transition()
        return turn if self.switched is None else min(self.switched, turn)

    def phase(self, step: int) -> Phase:
        """Return the part of a trial, or the base's phase, that a step is in."""
        begin = self.trials.stop
        if step < begin:
            return self.trials.phase(step)
        if self.switched is not None and step >= self.switched:
            return Phase("single-task", self.switched, self.clock.total_steps, fresh=self.switched == begin)
        found = self.base.phase(step - begin)
        return Phase(found.name, found.start + begin, found.stop + begin, fresh=found.start == 0)

    def rate_scale(self, step: int) -> float:
        """Return the factor of the learning rates; the single-task phase starts again with 1."""
        since, rate = self.slowed
        return 1.0 if rate == 1.0 or since < self.transition() <= step else rate

    def state_dict(self) -> dict[str, Any]:
        """Return all trials and decisions, as JSON values."""
        return {
            "trials": self.trials.state_dict(),
            "shares": self.shares.state_dict(),
            "switched": self.switched,
            "slowed": list(self.slowed),
            "base": self.base.memory(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load trials and decisions."""
        self.trials.load_state_dict(state["trials"])
        self.shares.load_state_dict(state["shares"])
        self.switched, (step, rate) = state["switched"], state["slowed"]
        self.slowed = (step, rate)
        self.begin()
        self.base.remember(state["base"])
