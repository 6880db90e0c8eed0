"""The account of calls: what each task ran and was spared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one task, in calls of `Balance`.

    Attributes
    ----------
    ran
        Calls whose sum its loss was computed for.
    skipped
        Calls that left it out.
    empty
        Calls for which its closure returned None.
    not_finite
        Of those it ran, the ones whose loss was left out of the sum.
    """

    ran: int = 0
    skipped: int = 0
    empty: int = 0
    not_finite: int = 0


class Tally:
    """Counts calls by the tasks that they ran, which takes one addition a call.

    Parameters
    ----------
    tasks
        Names, the primary's first.

    Attributes
    ----------
    alone
        Calls of the primary alone that are not yet among ``calls``; a plain number costs a third of the time.
    """

    def __init__(self, tasks: Iterable[str]) -> None:
        self.tasks = tuple(tasks)
        self.calls: Counter[tuple[str, ...]] = Counter()
        self.alone = 0
        self.empty: Counter[str] = Counter()
        self.not_finite: Counter[str] = Counter()

    @property
    def losses(self) -> int:
        """Return how many losses were asked for."""
        self._gather()
        return sum(len(tasks) * count for tasks, count in self.calls.items())

    def account(self, task: str) -> Account:
        """Return the account of a task.

        Examples
        --------
        >>> tally = Tally(["products", "film"])
        >>> tally.calls["products", "film"] += 3
        >>> tally.calls["products",] += 1
        >>> tally.account("film")
        Account(ran=3, skipped=1, empty=0, not_finite=0)
        """
        self._gather()
        called, empty = sum(self.calls.values()), self.empty[task]
        asked = sum(count for tasks, count in self.calls.items() if task in tasks)
        return Account(asked - empty, called - asked, empty, self.not_finite[task])

    def state_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        self._gather()
        calls = [[list(tasks), count] for tasks, count in self.calls.items()]
        return {"calls": calls, "empty": dict(self.empty), "not_finite": dict(self.not_finite)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved counts."""
        self.calls = Counter({tuple(tasks): count for tasks, count in state["calls"]})
        self.alone = 0
        self.empty, self.not_finite = Counter(state["empty"]), Counter(state["not_finite"])

    def _gather(self) -> None:
        if self.alone:
            self.calls[self.tasks[:1]] += self.alone
            self.alone = 0
