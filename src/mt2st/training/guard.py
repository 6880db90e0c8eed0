"""The gradient guard: a task that cannot move the shared parameters is refused at its first step.

An auxiliary whose loss is computed on a copy of the table trains nothing, costs time and seems to help or harm by
chance. The reference code of the paper does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import GradientPathError, counted
from mt2st.models import Shared
from mt2st.tasks import Outcome, Task

if TYPE_CHECKING:
    from mt2st.tasks.pytorch.shared_pass import SharedPass
    from mt2st.tasks.pytorch.text_task import TextTask


class GradientGuard:
    """Runs tasks and checks, at each task's first step that trains on words, that the shared parameters change."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._passed: set[str] = set()
        self._on_their_way: dict[str, tuple[TextTask, Outcome]] = {}

    def waive(self, task: str) -> None:
        """Stop checking a task: frozen parameters need not move; their relevance shows that the loss reaches them."""
        self._passed.add(task)

    def learn(self, task: Task, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Call ``task.learn`` and return its outcome.

        Raises
        ------
        GradientPathError
            Naming the task and the likely cause: frozen, detached, or another table.
        """
        if task.name in self._passed:
            return task.learn(batch, weight, rate)
        before = self.shared.trace()
        outcome = task.learn(batch, weight, rate)
        # A batch without a known word trains only the head, so it cannot show whether the gradient path works.
        if outcome.terms and outcome.words and rate > 0:
            self._require(_differ(before, self.shared.trace()), task, outcome)
            self._passed.add(task.name)
        return outcome

    def learn_in(self, one: SharedPass, task: TextTask, weight: float, rate: float) -> Outcome:
        """Call ``one.learn`` and return its outcome; the task must change the gradient at the encoder's output.

        Raises
        ------
        GradientPathError
            As `learn`.
        """
        if task.name in self._passed:
            return one.learn(task, weight)
        before = one.trace()
        outcome = one.learn(task, weight)
        if outcome.terms and one.reads(task) and rate > 0:
            self._require(_differ(before, one.trace()), task, outcome)
            self._on_their_way[task.name] = task, outcome
        return outcome

    def finish(self, one: SharedPass) -> None:
        """Call ``one.finish``; the gradient at the encoder's output must change the shared parameters.

        Raises
        ------
        GradientPathError
            As `learn`.
        """
        if not self._on_their_way:
            one.finish()
            return
        before = self.shared.trace()
        one.finish()
        moved = _differ(before, self.shared.trace())
        for task, outcome in self._on_their_way.values():
            self._require(moved, task, outcome)
        self._passed |= self._on_their_way.keys()
        self._on_their_way = {}

    def _require(self, moved: bool, task: Task, outcome: Outcome) -> None:
        if not moved:
            raise GradientPathError(
                f"the task {task.name!r} has trained on {counted(outcome.examples, 'example')} without moving the "
                f"shared parameters; likely cause: {likely_cause(task, self.shared)}"
            )


def _differ(before: list[NDArray[np.generic]], after: list[NDArray[np.generic]]) -> bool:
    return any(a.shape != b.shape or not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def likely_cause(task: Task, shared: Shared) -> str:
    """Return in words why a task's loss probably does not reach the shared parameters."""
    table = getattr(task, "table", None)
    if isinstance(table, np.ndarray) and not np.shares_memory(table, shared.table):
        return "wrong table: it trains an array of its own, not the shared one"
    fault = getattr(task, "path_fault", None)
    if callable(fault):
        return str(fault())
    return "frozen: its learning rate of the table is 0, or its rows weigh nothing"
