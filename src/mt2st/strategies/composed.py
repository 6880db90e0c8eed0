"""Composed: a separate strategy for each auxiliary."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from mt2st.errors import ConfigError
from mt2st.strategies.action import Action
from mt2st.strategies.checks import task_names
from mt2st.strategies.clock import Clock
from mt2st.strategies.nesting import check_part
from mt2st.strategies.observation import Observation
from mt2st.strategies.strategy import Curve, Strategy


@dataclass
class Composed(Strategy):
    """Use a separate strategy for each auxiliary: ``gamma_k(t)`` is that of ``parts[k]``.

    Parameters
    ----------
    parts
        A strategy for each auxiliary, by name, each with its own ``time``. All receive all observations. `Feedback`
        cannot be one, as it tries all auxiliaries: wrap it around this.

    Examples
    --------
    >>> from mt2st.strategies import Clock, Diminish, Switch
    >>> strategy = Composed({"film": Diminish(rate=4.0), "language": Switch(at=0.1)})
    >>> bound = strategy.bind("products", ["film", "language"], Clock(100))
    >>> [{task: round(weight, 3) for task, weight in bound.weights(step).items()} for step in (0, 25)]
    [{'products': 1.0, 'film': 1.0, 'language': 1.0}, {'products': 1.0, 'film': 0.368, 'language': 0.0}]

    Notes
    -----
    The primary waits as long as any part makes it wait.
    """

    name = "composed"
    time = "steps"
    parts: Mapping[str, Strategy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.parts, Mapping):
            raise ConfigError(f"parts must be a strategy for each auxiliary by name, found {self.parts!r}")
        for task, part in self.parts.items():
            check_part(part, f"the part of {task!r}")

    def bind(self, primary: str, auxiliaries: Sequence[str], clock: Clock) -> Self:
        """Return a copy with each part bound to its auxiliary."""
        names = task_names(primary, auxiliaries)
        if set(self.parts) != set(names):
            raise ConfigError(
                f"parts must name each auxiliary, {', '.join(names) or 'none'}; found {', '.join(self.parts) or 'none'}"
            )
        parts = {task: self._bind_part(task, primary, names, clock) for task in names}
        return super(Composed, replace(self, parts=parts)).bind(primary, names, clock)

    def _bind_part(self, task: str, primary: str, names: tuple[str, ...], clock: Clock) -> Strategy:
        part = copy.copy(self.parts[task])
        part._siblings = names  # settings by name, common to several parts, may name them
        return part.bind(primary, [task], clock)

    def curve(self, task: str) -> Curve:
        """Return the part's gamma_k; t is in steps here, and the part reads it in its own unit."""
        part = self.parts[task]
        return lambda t: part.auxiliary_weight(task, int(t))

    def unended(self) -> dict[str, str]:
        """Return the unended auxiliaries of the parts."""
        return {task: setting for part in self.parts.values() for task, setting in part.unended().items()}

    def primary_weight(self, step: int) -> float:
        """Return the primary's smallest weight among the parts."""
        return min((part.primary_weight(step) for part in self.parts.values()), default=1.0)

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Pass an observation to every part, and return their actions, with their auxiliaries' names."""
        return [
            replace(action, task=action.task or task)
            for task, part in self.parts.items()
            for action in part.observe(observation)
        ]

    def reset(self) -> None:
        """Reset every part."""
        for part in self.parts.values():
            part.reset()

    def settings(self) -> dict[str, Any]:
        """Return name and settings of every part."""
        return {task: {"name": part.name, "settings": part.settings()} for task, part in self.parts.items()}

    def memory(self) -> dict[str, Any]:
        """Return the memory of every part."""
        return {task: part.memory() for task, part in self.parts.items()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Restore the memory of every part."""
        for task, part in self.parts.items():
            part.remember(memory[task])
