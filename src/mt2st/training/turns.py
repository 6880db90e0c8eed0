"""The tasks of a step, run one after another; those with the same texts share one run of the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks import Encodes, Outcome, Task

if TYPE_CHECKING:
    from mt2st.tasks.pytorch.text_task import TextTask
    from mt2st.training.cosines import Cosines
    from mt2st.training.guard import GradientGuard
    from mt2st.training.ledger import Ledger
    from mt2st.training.ranks import Ranks


class Turn(NamedTuple):
    """A task that ran in a step, with its batch and outcome."""

    task: Task
    batch: NDArray[np.int64]
    outcome: Outcome


class Step(NamedTuple):
    """What to do in a step.

    Attributes
    ----------
    todo
        The factor of each task's loss, by name; tasks that are not in it are skipped.
    rate
        The schedule's share of the learning rates.
    compared
        Whether gradients are compared.
    """

    todo: Mapping[str, float]
    rate: float
    compared: bool


class Turns:
    """Runs the tasks of a step, and records in the ledger what each did or skipped.

    Tasks with one sampler have the same texts (see `mt2st.training.builders.common_texts`). Those of them that run in a
    step learn from one batch by one `SharedPass`, when it is the first one's turn. If gradients are compared, each
    makes a pass of its own, with the same dropout, so that its gradient can be told apart.

    Parameters
    ----------
    tasks
        All tasks by name, the primary first.
    ranks, guard, cosines, ledger
        Those of the trainer.

    Attributes
    ----------
    groups
        All tasks, grouped by the sampler that they share.
    draw_groups
        The name of the first task of each task's group; tasks of a group run at the same steps, see `plan`.
    """

    def __init__(
        self, tasks: Mapping[str, Task], ranks: Ranks, guard: GradientGuard, cosines: Cosines, ledger: Ledger
    ) -> None:
        self.ranks, self.guard, self.cosines, self.ledger = ranks, guard, cosines, ledger
        self.groups = group_by_sampler(tasks)
        self.draw_groups = {task.name: group[0].name for group in self.groups for task in group}

    def announcements(self) -> list[dict[str, Any]]:
        """Return records that say which tasks share batches."""
        shared = [[repr(task.name) for task in group] for group in self.groups if len(group) > 1]
        means = "have the same texts: in a step, one batch and one pass over the encoder"
        return [
            {"step": 0, "event": f"shared pass {first}", "text": f"{first}, {', '.join(others)} {means}"}
            for first, *others in shared
        ]

    def run(self, step: Step) -> Iterator[Turn]:
        """Train the tasks of a step, and yield each with its outcome."""
        for group in self.groups:
            for task in group:
                if task.name not in step.todo:
                    entry = self.ledger.entries[task.name]
                    # Not the size of the next draw, which is the same at each skipped step: rounding would add up.
                    entry.skip(task.sampler.examples_in(entry.skipped))
            running = [task for task in group if task.name in step.todo]
            if running:
                yield from self._run(running, step)

    def _run(self, group: list[Task], step: Step) -> Iterator[Turn]:
        with self.ledger.task(*(task.name for task in group)):
            batch = group[0].sampler.draw()
        for tasks in by_labels(group, batch):
            one_pass = len(tasks) > 1 and not step.compared
            outcomes = (self._together if one_pass else self._apart)(tasks, batch, step)
            for task, outcome in zip(tasks, outcomes, strict=True):
                self.ledger.entries[task.name].add(outcome, sharing=len(tasks) if one_pass else 1)
                yield Turn(task, batch, outcome)

    def _together(self, tasks: list[Task], batch: NDArray[np.int64], step: Step) -> list[Outcome]:
        from mt2st.tasks.pytorch.shared_pass import SharedPass  # torch, which such tasks have imported already

        names, found = [task.name for task in tasks], []
        encoding = cast("list[TextTask]", tasks)
        with self.ledger.task(*names):
            one = SharedPass(encoding, batch)
        for task in encoding:
            with self.ledger.task(task.name):
                found.append(self.guard.learn_in(one, task, step.todo[task.name], step.rate))
        with self.ledger.task(*names):
            self.guard.finish(one)
        return found

    def _apart(self, tasks: list[Task], batch: NDArray[np.int64], step: Step) -> list[Outcome]:
        found = []
        rewind = tasks[0].keep_dropout() if len(tasks) > 1 and isinstance(tasks[0], Encodes) else None
        for task in tasks:
            if rewind:
                rewind()
            with self.cosines.comparing(task.name) if step.compared else nullcontext(), self.ledger.task(task.name):
                found.append(self.ranks.learn(self.guard, task, batch, step.todo[task.name], step.rate))
        return found


def group_by_sampler(tasks: Mapping[str, Task]) -> list[list[Task]]:
    """Group the tasks, in order: those that encode texts and have one sampler are in one group."""
    groups: dict[int, list[Task]] = {}
    for task in tasks.values():
        groups.setdefault(id(task.sampler if isinstance(task, Encodes) else task), []).append(task)
    return list(groups.values())


def by_labels(group: list[Task], batch: NDArray[np.int64]) -> list[list[Task]]:
    """Return the tasks with labels in a batch as one list, for a shared pass, and each of the others by itself."""
    shared = len(group) > 1
    idle: list[Task] = [task for task in group if shared and isinstance(task, Encodes) and not task.labels_of(batch)]
    able = [task for task in group if task not in idle]
    return [*([able] if able else []), *([task] for task in idle)]
