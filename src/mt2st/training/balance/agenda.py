"""Agenda: which tasks run at each step, and which auxiliaries have ended."""

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
    """Computes from the strategy, work mode and seed which tasks run at a step.

    Parameters
    ----------
    strategy
        Already bound to its tasks and clock.
    work
        Which of the tasks with a weight run at a step, and by what factor.
    seed
        Seed of the steps that `Skip` leaves out.
    tolerance
        An auxiliary ends once at most this share of its schedule's total weight is left; see `ending`.
    """

    def __init__(self, strategy: Strategy, work: Work, seed: int, tolerance: float) -> None:
        self.strategy, self.work, self.seed = strategy, work, count(seed, "seed", -inf)
        self.tolerance, self.total_steps = number(tolerance, "drop", 0.0, 1.0, under=True), strategy.total_steps
        self.keep(strategy.auxiliaries)

    def keep(self, tasks: Iterable[str]) -> None:
        """Keep only these auxiliaries, each until its ending as currently known."""
        self.endings = {task: self._ending(task) for task in tasks}

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Pass an observation, averaged over ranks, to the strategy and return its actions; endings may change."""
        from mt2st.training.ranks.group import means, several  # here: it imports torch

        if several():
            score, seconds, noise = means([observation.score, observation.seconds, observation.noise])
            observation = replace(observation, score=score, seconds=seconds, noise=noise)
        actions = self.strategy.observe(observation)
        self.keep(self.endings)
        return actions

    def todo(self, step: int) -> Todo:
        """Return the tasks that run at ``step`` with the factor of each loss, as currently known."""
        return self._todo(step, step)

    def _todo(self, step: int, held: int) -> Todo:
        strategy = self.strategy
        weights = {strategy.primary: strategy.primary_weight(held)}
        for task, end in self.endings.items():
            if held < end:
                weights[task] = strategy.auxiliary_weight(task, held)
        return plan(weights, self.work, self.seed, step, strategy.primary)

    def ahead(self, step: int) -> list[Todo]:
        """Return the tasks of each step from ``step`` on, for at most ``AHEAD`` steps and up to the next ending.

        They are computed together because this code then stays in the processor's cache; one at a time, between the
        steps of a model, takes four times as long.
        """
        stop = min([step + AHEAD, *self.endings.values()])
        return [self._todo(each, self.strategy.held(each)) for each in range(step, max(stop, step + 1))]

    def looks(self, step: int, count: int) -> frozenset[int]:
        """Return ``step``, and those of the ``count`` steps from it on at which gradients are compared."""
        return frozenset((step, *(each for each in range(step, step + count) if self.probes(each))))

    def probes(self, step: int) -> bool:
        """Return whether gradients are compared at ``step``."""
        return self.strategy.probes(self.strategy.held(step))

    def over(self, step: int) -> list[str]:
        """Return the auxiliaries whose ending has been reached."""
        return [task for task, end in self.endings.items() if self.strategy.held(step) >= end]

    def why(self, step: int) -> str:
        """Return in words why auxiliaries end at ``step``."""
        if step >= self.total_steps:
            return f"all steps of the run are done, {self.total_steps}"
        if not self.tolerance:
            return "nothing of its schedule's weight is left"
        return f"at most {self.tolerance:g} of its schedule's weight is left"

    def settings(self) -> dict[str, Any]:
        """Return all settings but the strategy's, as JSON values."""
        return {
            "primary": self.strategy.primary,
            "auxiliaries": list(self.strategy.auxiliaries),
            "total_steps": self.total_steps,
            "work": repr(self.work),
            "seed": self.seed,
            "drop": self.tolerance,
        }

    def check_settings(self, saved: Mapping[str, Any]) -> None:
        """Refuse the state of a run with other settings."""
        if dict(saved) != self.settings():
            raise CheckpointError(
                f"the saved run is {dict(saved)}, this is {self.settings()}: resume with the saved settings"
            )

    def _ending(self, task: str) -> int:
        return ending(lambda step: self.strategy.auxiliary_weight(task, step), self.total_steps, self.tolerance)
