"""Which part of a batch a process trains where several train together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mt2st.tasks.task import Outcome


class Share(Protocol):
    """What a task that works on whole batches must know of the other processes.

    Attributes
    ----------
    part
        Where this process's examples stand in each batch.
    """

    part: slice

    def total(self, own: Outcome) -> Outcome:
        """Return what a batch came to in all processes; each of them asks at the same moment."""
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
        """Return what the process itself found."""
        return own


WHOLE = Whole()
