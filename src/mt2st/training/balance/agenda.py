"""Agenda: which tasks run at which step, and which are over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from mt2st.errors import CheckpointError
from mt2st.strategies import ending, plan
from mt2st.strategies.checks import count, number

if TYPE_CHECKING:
    from mt2st.strategies import Action, Observation, Strategy, Work

AHEAD = 64
Todo = dict[str, float]


class Agenda:
    """Strategy, work mode and seed, asked for what runs.

    Parameters
    ----------
    strategy
        Bound to its tasks and clock.
    work
        What is run of a step's weights.
    seed
        Decides what `Skip` leaves out.
    tolerance
        Of `ending`: an auxiliary with no more of its schedule's weight left is over.
    """

    def __init__(self, strategy: Strategy, work: Work, seed: int, tolerance: float) -> None:
        self.strategy, self.work, self.seed = strategy, work, count(seed, "seed", -inf)
        self.tolerance, self.total_steps = number(tolerance, "drop", 0.0, 1.0, under=True), strategy.total_steps
        self.keep(strategy.auxiliaries)

    def keep(self, tasks: Iterable[str]) -> None:
        """Let these auxiliaries go on, each to its ending as far as that is known now."""
        self.endings = {task: self._ending(task) for task in tasks}

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Tell the strategy what training saw, on the mean over ranks, and return its actions; endings may move."""
        from mt2st.training.ranks.group import means, several  # here: it imports torch

        if several():
            score, seconds, noise = means([observation.score, observation.seconds, observation.noise])
            observation = replace(observation, score=score, seconds=seconds, noise=noise)
        actions = self.strategy.observe(observation)
        self.keep(self.endings)
        return actions

    def todo(self, step: int) -> Todo:
        """Return the tasks that run at ``step`` and what each one's loss counts, as far as is known."""
        return self._todo(step, step)

    def _todo(self, step: int, held: int) -> Todo:
        strategy = self.strategy
        weights = {strategy.primary: strategy.primary_weight(held)}
        for task, end in self.endings.items():
            if held < end:
                weights[task] = strategy.auxiliary_weight(task, held)
        return plan(weights, self.work, self.seed, step, strategy.primary)

    def ahead(self, step: int) -> list[Todo]:
        """Return what runs from ``step`` on until something is observed, up to the next ending at most.

        Many steps at once, as this code then stays in the processor's cache: step by step, between the steps of a
        model, it takes four times as long.
        """
        stop = min([step + AHEAD, *self.endings.values()])
        return [self._todo(each, self.strategy.held(each)) for each in range(step, max(stop, step + 1))]

    def looks(self, step: int, count: int) -> frozenset[int]:
        """Return ``step``, and those of ``count`` steps from it on at which gradients are compared."""
        return frozenset((step, *(each for each in range(step, step + count) if self.probes(each))))

    def probes(self, step: int) -> bool:
        """Return whether gradients are compared at ``step``."""
        return self.strategy.probes(self.strategy.held(step))

    def over(self, step: int) -> list[str]:
        """Return the auxiliaries whose ending is reached."""
        return [task for task, end in self.endings.items() if self.strategy.held(step) >= end]

    def why(self, step: int) -> str:
        """Return in words why auxiliaries are over at ``step``."""
        if step >= self.total_steps:
            return f"all steps of the run are done, {self.total_steps}"
        if not self.tolerance:
            return "nothing of its schedule's weight is left"
        return f"at most {self.tolerance:g} of its schedule's weight is left"

    def settings(self) -> dict[str, Any]:
        """Return what decides, but for the strategy, as JSON values."""
        return {
            "primary": self.strategy.primary,
            "auxiliaries": list(self.strategy.auxiliaries),
            "total_steps": self.total_steps,
            "work": repr(self.work),
            "seed": self.seed,
            "drop": self.tolerance,
        }

    def check_settings(self, saved: Mapping[str, Any]) -> None:
        """Refuse a run of other settings."""
        if dict(saved) != self.settings():
            raise CheckpointError(
                f"the saved run is {dict(saved)}, this is {self.settings()}: resume with the saved settings"
            )

    def _ending(self, task: str) -> int:
        return ending(lambda step: self.strategy.auxiliary_weight(task, step), self.total_steps, self.tolerance)
