"""The part of a batch that a process trains on if several train together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mt2st.tasks.task import Outcome


class Share(Protocol):
    """A task's interface to the other processes.

    Attributes
    ----------
    part
        The slice of each batch that belongs to this process.
    """

    part: slice

    def total(self, own: Outcome) -> Outcome:
        """Return the outcome of a batch over all processes, which must all call this."""
        ...


class Whole:
    """A process that trains alone.

    Examples
    --------
    >>> [1, 2, 3][Whole().part]
    [1, 2, 3]
    """

    part = slice(None)

    def total(self, own: Outcome) -> Outcome:
        """Return the process's own outcome."""
        return own


WHOLE = Whole()
