"""The interface of every strategy: weights at a step, observations, state."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self

from mt2st.errors import CheckpointError, ConfigError
from mt2st.strategies.action import Action
from mt2st.strategies.checks import task_names, value_for
from mt2st.strategies.clock import Clock, Time
from mt2st.strategies.observation import Observation

Curve = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Phase:
    """An interval of training, ``start <= step < stop``, with its own learning-rate schedule.

    Attributes
    ----------
    fresh
        Whether it starts from the initial state, as each trial of `Feedback` does.
    """

    name: str
    start: int
    stop: int
    fresh: bool = False


@dataclass
class Strategy(ABC):
    """Base class of strategies; a subclass defines the weight of an auxiliary over time.

    Subclasses are dataclasses whose fields are their settings. `bind` gives them the names of the tasks and a clock.
    Once the weight of an auxiliary is 0, it stays 0.
    """

    name = "strategy"
    outermost: ClassVar[bool] = False  # True if it needs the whole run, so that it cannot be part of another strategy
    end_setting: ClassVar[str] = ""  # the setting that determines when an auxiliary is over, if any
    primary: str = field(default="", init=False, repr=False)
    auxiliaries: tuple[str, ...] = field(default=(), init=False, repr=False)
    clock: Clock | None = field(default=None, init=False, repr=False)
    _siblings: tuple[str, ...] = field(default=(), init=False, repr=False, compare=False)
    _curves: dict[str, Curve] = field(default_factory=dict, init=False, repr=False, compare=False)
    _unit: float = field(default=1.0, init=False, repr=False, compare=False)

    @abstractmethod
    def curve(self, task: str) -> Curve:
        """Return gamma_k(t) of one auxiliary, a function of t; `bind` calls this once for each."""

    def primary_weight(self, step: int) -> float:  # noqa: ARG002
        """Return the weight of the primary at ``step``: 1, except for strategies that delay it."""
        return 1.0

    def bind(self, primary: str, auxiliaries: Sequence[str], clock: Clock) -> Self:
        """Return a copy for these tasks and this clock, without observations."""
        bound = copy.copy(self)
        bound.primary, bound.auxiliaries, bound.clock = primary, task_names(primary, auxiliaries), clock
        time: Time = getattr(self, "time", "fraction")
        bound._unit = clock.unit(time)
        bound._draw()
        bound.reset()
        return bound

    def _draw(self) -> None:
        self._curves = {task: self.curve(task) for task in self.auxiliaries}

    def __getstate__(self) -> dict[str, Any]:
        """Exclude the curves from copies and pickles, as they may refer to this object's observations."""
        return {name: value for name, value in self.__dict__.items() if name != "_curves"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Recreate the curves of a copy."""
        self.__dict__.update(state)
        self._draw()

    def value_of(self, name: str, task: str) -> float:
        """Return one auxiliary's value of a setting, which may be a mapping by task."""
        return value_for(getattr(self, name), task, name, self._siblings or self.auxiliaries)

    def whole(self, steps: int, auxiliaries: int) -> int:  # noqa: ARG002
        """Return the steps of a run with ``steps`` of the schedule, including those the strategy adds."""
        return steps

    @property
    def total_steps(self) -> int:
        """Return the steps of the whole run."""
        return self._bound_clock().total_steps

    def t(self, step: int) -> float:
        """Return t at ``step`` in the strategy's own unit (its field ``time``, else a fraction of the run)."""
        self._bound_clock()
        return step / self._unit

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the weight of one auxiliary at ``step``."""
        return self._curves[task](step / self._unit)

    def weights(self, step: int) -> dict[str, float]:
        """Return the weight of every task at ``step``, the primary first."""
        if step < 0:
            raise ConfigError(f"steps count from 0, found {step}")
        self._bound_clock()
        weights = {self.primary: self.primary_weight(step)}
        for task in self.auxiliaries:
            weights[task] = self.auxiliary_weight(task, step)
        return weights

    def transition(self) -> int:
        """Return the first step of the single-task phase, from which on every auxiliary has weight 0."""
        steps = range(self.total_steps)
        return bisect_left(
            steps, True, key=lambda step: not any(self.auxiliary_weight(k, step) for k in self.auxiliaries)
        )

    def unended(self) -> dict[str, str]:
        """Return the auxiliaries that last to the end of the run, with the name of the setting of their end."""
        return {task: self.end_setting for task in self.auxiliaries if self.end_setting and self._outlasts(task)}

    def _outlasts(self, task: str) -> bool:
        first, last, after = (self.auxiliary_weight(task, step) for step in (0, self.total_steps - 1, self.total_steps))
        return after > 0.0 or last == first > 0.0

    def phase(self, step: int) -> Phase:
        """Return the phase that ``step`` belongs to."""
        turn, total = self.transition(), self.total_steps
        if step < turn:
            return Phase("multi-task" if self.primary_weight(step) else "auxiliaries only", 0, turn)
        return Phase("single-task", turn, total)

    def held(self, step: int) -> int:
        """Return the step whose weights apply at ``step`` if it comes before the next observation.

        That is ``step`` itself, unless the strategy waits for a score: its weights of later steps are only planned.
        """
        return step

    def rate_scale(self, step: int) -> float:  # noqa: ARG002
        """Return a factor of all learning rates at ``step``, besides that of their schedule."""
        return 1.0

    @property
    def restores(self) -> bool:
        """Return whether its actions may restore an earlier state."""
        return False

    def probes(self, step: int) -> bool:  # noqa: ARG002
        """Return whether to compare each auxiliary's gradient with the primary's at ``step``."""
        return False

    def observe(self, observation: Observation) -> Sequence[Action]:  # noqa: ARG002 - most schedules are blind
        """Record an observation, and return the actions taken; fixed schedules ignore observations."""
        return ()

    def reset(self) -> None:  # noqa: B027 - most schedules have nothing to forget
        """Forget all observations."""

    def memory(self) -> dict[str, Any]:
        """Return the state that observations have led to, as JSON values."""
        return {}

    def remember(self, memory: Mapping[str, Any]) -> None:  # noqa: B027 - most schedules have no memory
        """Load what `memory` returned."""

    def settings(self) -> dict[str, Any]:
        """Return the strategy's own settings by name."""
        return {each.name: copy.copy(getattr(self, each.name)) for each in fields(self) if each.init}

    def state_dict(self) -> dict[str, Any]:
        """Return the state needed to resume a run, as JSON values."""
        return {"name": self.name, "settings": self.settings(), "memory": self.memory()}

    def check_state(self, state: Mapping[str, Any]) -> None:
        """Raise `CheckpointError` if a state is of another strategy, or of other settings."""
        saved, own = ({key: found.get(key) for key in ("name", "settings")} for found in (state, self.state_dict()))
        if saved != own:
            raise CheckpointError(f"the saved strategy is {saved}, this is {own}: resume with the saved settings")

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load a saved state; raise `CheckpointError` for one of another strategy, or of other settings."""
        self.check_state(state)
        self.remember(state["memory"])

    def _bound_clock(self) -> Clock:
        if self.clock is None:
            raise ConfigError(f"{type(self).__name__} is not bound: call bind(primary, auxiliaries, clock) first")
        return self.clock
