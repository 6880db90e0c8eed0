"""Losses of a step: their weighted sum, and the handling of those that are not finite."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from mt2st.errors import NonFiniteLossError
from mt2st.training.balance.reach import check_reach

if TYPE_CHECKING:
    from torch import Tensor

    from mt2st.training.balance.heads import Heads
    from mt2st.training.balance.tally import Tally

Closure = Callable[[], "Tensor | None"]
Term = tuple[str, float, "Tensor"]
BAD_IN_A_ROW = 10


class State(IntEnum):
    """The outcome of a task that ran, the worst first."""

    BAD = 0
    EMPTY = 1
    FINITE = 2


def weighted_sum(terms: Sequence[Term]) -> Tensor:
    """Return ``sum(factor * loss)`` with one graph operation per term, and none for a first factor of 1.

    Without terms it is a zero that ``backward`` accepts.
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


def state_of(loss: float | None) -> State:
    """Return the state of a loss; None stands for no loss.

    Examples
    --------
    >>> [state_of(loss).name for loss in (0.5, None, math.nan)]
    ['FINITE', 'EMPTY', 'BAD']
    """
    if loss is None:
        return State.EMPTY
    return State.FINITE if math.isfinite(loss) else State.BAD


class LossChecks:
    """Checks single losses: each task's first, all losses if their sum is not finite, and all if there are ranks.

    Parameters
    ----------
    primary
        The primary's name.
    shared
        Parameters that every loss must reach, once any of them is trained.
    tally
        Counts the losses that are not finite.
    heads
        Heads by task; the loss of a task must not go through the head of another.

    Attributes
    ----------
    unchecked
        Tasks whose first loss has not been checked yet.
    bad
        The number of losses in a row, up to the last, that were not finite, by task; tasks with none are absent.
    """

    def __init__(self, primary: str, shared: Collection[Tensor], tally: Tally, heads: Heads) -> None:
        self.primary, self.shared, self.tally, self.heads = primary, shared, tally, heads
        self.unchecked = set(tally.tasks)
        self.bad: dict[str, int] = {}

    def look(self, ran: Iterable[str], terms: Sequence[Term], step: int) -> list[Term]:
        """Return the terms with a finite loss, and count the tasks of ``ran`` whose loss is not finite or missing.

        With several processes, a task that one of them must leave out is left out, and counted, by all.

        Raises
        ------
        ConfigError
            If a first loss is not a tensor of one number, or goes through the head of another task.
        GradientPathError
            If a first loss does not reach the shared parameters.
        NonFiniteLossError
            If the primary's loss is not finite.
        """
        from mt2st.training.balance.ranks import agree  # here: it imports torch
        from mt2st.training.ranks.group import several

        if self.unchecked:
            self._check_first(terms, step)
        values = {task: loss.item() for task, _, loss in terms}
        states = {task: state_of(values.get(task)) for task in ran}
        if several():
            states = agree(states)
        for task, state in states.items():
            self._note(task, state, values.get(task), step)
        return [term for term in terms if states[term[0]] == State.FINITE]

    def given_up(self) -> list[str]:
        """Return the tasks with ``BAD_IN_A_ROW`` or more losses in a row that were not finite."""
        return [task for task, count in self.bad.items() if count >= BAD_IN_A_ROW]

    def forget(self, task: str) -> None:
        """Stop watching a task."""
        self.unchecked.discard(task)
        self.bad.pop(task, None)

    def _note(self, task: str, state: State, value: float | None, step: int) -> None:
        if state == State.FINITE:
            self.bad.pop(task, None)
        elif state == State.EMPTY:
            self.tally.empty[task] += 1
        elif task == self.primary:
            found = value if state_of(value) == State.BAD else "not finite on another rank"
            raise NonFiniteLossError(
                f"the loss of the primary {task!r} is {found} at step {step}: it changed nothing; go back to "
                "the last checkpoint and lower the learning rates, or clip gradients"
            )
        else:
            self.tally.not_finite[task] += 1
            self.bad[task] = self.bad.get(task, 0) + 1

    def _check_first(self, terms: Sequence[Term], step: int) -> None:
        resting = bool(self.shared) and not any(each.requires_grad for each in self.shared)
        for task, _, loss in terms:
            if task in self.unchecked:
                check_reach(task, step, loss, () if resting else self.shared)
                self.heads.check_apart(task, step, loss, [each for each in self.tally.tasks[1:] if each != task])
        if not resting:
            self.unchecked.difference_update(task for task, _, _ in terms)
