"""Counts of calls that ran each task, and of calls that skipped it."""

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
        Calls for which its loss was computed.
    skipped
        Calls at which the task did not run.
    empty
        Calls for which its closure returned None.
    not_finite
        Calls, included in ``ran``, whose loss was left out of the sum.
    """

    ran: int = 0
    skipped: int = 0
    empty: int = 0
    not_finite: int = 0


class Tally:
    """Counts calls by the set of tasks that ran: one addition per call, and from time to time one per task.

    Parameters
    ----------
    tasks
        Names, the primary's first.

    Attributes
    ----------
    calls
        Calls not yet counted in ``asked``, by the tuple of tasks that ran; emptied from time to time, as with many
        tasks that run at random all tuples may differ.
    alone
        Calls that ran the primary alone, counted apart from ``calls``: an integer costs a third of the time.
    asked
        Calls that ran each task, without those still in ``calls`` and ``alone``.
    """

    def __init__(self, tasks: Iterable[str]) -> None:
        self.tasks = tuple(tasks)
        self.calls: Counter[tuple[str, ...]] = Counter()
        self.alone, self._total = 0, 0
        self.asked: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()
        self.not_finite: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """Return the number of calls."""
        self._gather()
        return self._total

    @property
    def losses(self) -> int:
        """Return the number of closures called, over all tasks."""
        self._gather()
        return self.asked.total()

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
        called, asked, empty = self.total, self.asked[task], self.empty[task]
        return Account(asked - empty, called - asked, empty, self.not_finite[task])

    def state_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        counts = {"empty": dict(self.empty), "not_finite": dict(self.not_finite)}
        return {"total": self.total, "asked": dict(self.asked), **counts}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved counts."""
        self.calls.clear()
        self.alone, self._total = 0, state["total"]
        self.asked, self.empty, self.not_finite = (Counter(state[key]) for key in ("asked", "empty", "not_finite"))

    def _gather(self) -> None:
        self.calls[self.tasks[:1]] += self.alone
        for tasks, count in self.calls.items():
            self._total += count
            self.asked.update(dict.fromkeys(tasks, count))
        self.calls.clear()
        self.alone = 0
