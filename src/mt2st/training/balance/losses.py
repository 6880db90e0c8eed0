"""Losses of a step: their weighted sum, and what to do about those that are not finite."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from mt2st.errors import ConfigError, NonFiniteLossError, did_you_mean
from mt2st.training.balance.reach import check_reach

if TYPE_CHECKING:
    from torch import Tensor

    from mt2st.training.balance.tally import Tally

Closure = Callable[[], "Tensor | None"]
Term = tuple[str, float, "Tensor"]
BAD_IN_A_ROW = 10


def weighted_sum(terms: Sequence[Term]) -> Tensor:
    """Return ``sum(factor * loss)``, one operation of the graph a term and none for a first factor of 1.

    Without terms that is a zero that ``backward`` accepts.
    """
    if not terms:
        import torch

        return torch.zeros((), requires_grad=True)
    _, factor, total = terms[0]
    if factor != 1.0:
        total = total * factor
    for _, factor, loss in terms[1:]:
        total = total.add(loss, alpha=factor)
    return total


class Watch:
    """Looks at single losses: each task's first one, and all of a sum that is not finite.

    Parameters
    ----------
    primary
        The primary's name.
    shared
        Parameters that every loss must reach.
    tally
        Where losses that are not finite are counted.

    Attributes
    ----------
    unchecked
        Tasks of which there has been no loss.
    bad
        How many losses of a task in a row, the last among them, were not finite; tasks of none are not named.
    """

    def __init__(self, primary: str, shared: Collection[Tensor], tally: Tally) -> None:
        self.primary, self.shared, self.tally = primary, shared, tally
        self.unchecked = set(tally.tasks)
        self.bad: dict[str, int] = {}

    def look(self, given: Iterable[str], terms: Sequence[Term], step: int) -> list[Term]:
        """Return the terms that are finite, and count the others.

        Raises
        ------
        ConfigError
            Where a name in ``given`` is no task's.
        GradientPathError
            Where a first loss does not reach the shared parameters.
        NonFiniteLossError
            Where the primary's loss is not finite.
        """
        if self.unchecked:
            self._check_first(given, terms, step)
        return [term for term in terms if self._is_finite(*term, step)]

    def given_up(self) -> list[str]:
        """Return the tasks with so many bad losses in a row that they had better go."""
        return [task for task, count in self.bad.items() if count >= BAD_IN_A_ROW]

    def forget(self, task: str) -> None:
        """Watch a task no longer."""
        self.unchecked.discard(task)
        self.bad.pop(task, None)

    def _is_finite(self, task: str, factor: float, loss: Tensor, step: int) -> bool:  # noqa: ARG002
        if math.isfinite(loss.item()):
            self.bad.pop(task, None)
            return True
        if task == self.primary:
            raise NonFiniteLossError(
                f"the loss of the primary {task!r} is {loss.item()} at step {step}: nothing was changed by it; go back "
                "to the last checkpoint and lower the learning rates, or clip gradients"
            )
        self.tally.not_finite[task] += 1
        self.bad[task] = self.bad.get(task, 0) + 1
        return False

    def _check_first(self, given: Iterable[str], terms: Sequence[Term], step: int) -> None:
        for task in given:
            if task not in self.tally.tasks:
                raise ConfigError(f"there is no task {task!r}{did_you_mean(task, self.tally.tasks)}")
        for task, _, loss in terms:
            if task in self.unchecked:
                check_reach(task, step, loss, self.shared)
                self.unchecked.discard(task)
