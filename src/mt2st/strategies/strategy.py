"""The contract of every strategy: weights from a step, observations in, state out."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from mt2st.errors import CheckpointError, ConfigError
from mt2st.strategies.clock import Clock

PerTask = float | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of training, ``start <= step < stop``, over which learning rates run their course."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What training saw at the end of an interval: the primary's score, mean losses, seconds spent so far."""

    step: int
    score: float
    losses: Mapping[str, float]
    seconds: float


def value_for(setting: PerTask, task: str, name: str) -> float:
    """Return the setting of one task from a number for all or a mapping by task.

    Examples
    --------
    >>> value_for(0.5, "film", "weight"), value_for({"film": 2.0}, "film", "weight")
    (0.5, 2.0)
    """
    if not isinstance(setting, Mapping):
        return float(setting)
    if task not in setting:
        raise ConfigError(f"{name} has no value for the auxiliary {task!r}; it names {', '.join(setting) or 'none'}")
    return float(setting[task])


def check_per_task(setting: PerTask, name: str, low: float, *, above: bool = False) -> None:
    """Refuse a number, or a mapping holding one, that is under ``low`` (or, with ``above``, equal to it)."""
    values = setting.values() if isinstance(setting, Mapping) else (setting,)
    for value in values:
        if not (value > low if above else value >= low) or value == float("inf"):
            raise ConfigError(f"{name} must be finite and {'above' if above else 'at least'} {low:g}, found {value}")


@dataclass
class Strategy(ABC):
    """Base of the strategies; a subclass says what an auxiliary weighs at a step.

    Subclasses are dataclasses whose fields are their settings. `bind` gives them the names of the tasks and a clock.
    """

    name = "strategy"
    primary: str = field(default="", init=False, repr=False)
    auxiliaries: tuple[str, ...] = field(default=(), init=False, repr=False)
    clock: Clock | None = field(default=None, init=False, repr=False)

    @abstractmethod
    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return what one auxiliary's loss is multiplied by at ``step``."""

    def primary_weight(self, step: int) -> float:  # noqa: ARG002
        """Return what the primary's loss is multiplied by at ``step``: 1 but for strategies that make it wait."""
        return 1.0

    def bind(self, primary: str, auxiliaries: Sequence[str], clock: Clock) -> Self:
        """Return a copy that answers for these tasks on this clock."""
        bound = copy.copy(self)
        bound.primary, bound.auxiliaries, bound.clock = primary, tuple(auxiliaries), clock
        bound.weights(0)
        return bound

    def t(self, step: int) -> float:
        """Return t at ``step`` in the strategy's own unit (its field ``time``, else a fraction of the run)."""
        return self._clock().read(step, getattr(self, "time", "fraction"))

    def weights(self, step: int) -> dict[str, float]:
        """Return the weight of every task at ``step``, the primary first."""
        if step < 0:
            raise ConfigError(f"steps count from 0, found {step}")
        self._clock()
        weights = {task: self.auxiliary_weight(task, step) for task in self.auxiliaries}
        return {self.primary: self.primary_weight(step), **weights}

    def transition(self) -> int:
        """Return the first step of the single-task phase: from there on every auxiliary weighs nothing."""
        steps = range(self._clock().total_steps)
        return bisect_left(
            steps, True, key=lambda step: not any(self.auxiliary_weight(k, step) for k in self.auxiliaries)
        )

    def phase(self, step: int) -> Phase:
        """Return the phase that ``step`` belongs to."""
        turn, total = self.transition(), self._clock().total_steps
        if step < turn:
            return Phase("multi-task" if self.primary_weight(step) else "auxiliaries only", 0, turn)
        return Phase("single-task", turn, total)

    def observe(self, observation: Observation) -> None:  # noqa: B027 - most schedules are blind
        """Take in what training saw; schedules fixed beforehand have no use for it."""

    def reset(self) -> None:  # noqa: B027 - most schedules have nothing to forget
        """Forget all observations."""

    def settings(self) -> dict[str, Any]:
        """Return the strategy's own settings by name."""
        return {key: value for key, value in asdict(self).items() if key not in ("primary", "auxiliaries", "clock")}

    def state_dict(self) -> dict[str, Any]:
        """Return all that a resumed run needs, as JSON values."""
        return {"name": self.name, "settings": self.settings()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a saved state; one of another strategy, or of other settings, is refused."""
        if dict(state) != self.state_dict():
            raise CheckpointError(
                f"the saved strategy is {dict(state)}, this is {self.state_dict()}: resume with the saved settings"
            )

    def _clock(self) -> Clock:
        if self.clock is None:
            raise ConfigError(f"{type(self).__name__} is not bound: call bind(primary, auxiliaries, clock) first")
        return self.clock
