"""Course: the schedule as it stands: trials, then the base's, with all that was decided since."""

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
        The primary's name, and that of the whole run.
    trials, shares
        What is tried, and what each auxiliary has kept of its weight.

    Attributes
    ----------
    switched
        The step from which on the primary is alone, where that was decided.
    slowed
        The step at which learning rates were changed last, and what they are multiplied by since.
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
        """Bind the base to the steps that trials leave: as planned, and once these are over, as it came.

        In between, an observation that comes late moves the end of trials, and not the clock of the base.
        """
        stop = self.trials.stop if self.trials.over else self.trials.planned
        left = Clock(max(self.clock.total_steps - stop, 1), self.clock.steps_per_epoch)
        self.base = self.base.bind(self.primary, self.trials.auxiliaries, left)

    def alone(self, step: int) -> bool:
        """Return whether it was decided that the primary is alone at a step."""
        return self.switched is not None and step >= self.switched

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the base's weight times the auxiliary's share of it; in trials one weighs at a time, or none."""
        if step < self.trials.stop:
            return self.base.auxiliary_weight(task, 0) if self.trials.active(step) == task else 0.0
        if self.alone(step):
            return 0.0
        return self.shares.at(task, step) * self.base.auxiliary_weight(task, step - self.trials.stop)

    def primary_weight(self, step: int) -> float:
        """Return the base's weight of the primary, 1 where no auxiliary has any."""
        if step < self.trials.stop:
            return self.base.primary_weight(0) if self.trials.active(step) else 1.0
        return 1.0 if self.alone(step) else self.base.primary_weight(step - self.trials.stop)

    def transition(self) -> int:
        """Return the first step of the single-task phase, as far as is known."""
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
        """Return what learning rates are multiplied by; the single-task phase begins with whole ones again."""
        since, rate = self.slowed
        return 1.0 if rate == 1.0 or since < self.transition() <= step else rate

    def state_dict(self) -> dict[str, Any]:
        """Return all that was tried and decided, as JSON values."""
        return {
            "trials": self.trials.state_dict(),
            "shares": self.shares.state_dict(),
            "switched": self.switched,
            "slowed": list(self.slowed),
            "base": self.base.memory(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load what was tried and decided."""
        self.trials.load_state_dict(state["trials"])
        self.shares.load_state_dict(state["shares"])
        self.switched, (step, rate) = state["switched"], state["slowed"]
        self.slowed = (step, rate)
        self.begin()
        self.base.remember(state["base"])
