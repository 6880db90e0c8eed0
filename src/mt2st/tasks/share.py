"""Which part of a batch a process trains where several train together."""

from __future__ import annotations

from typing import Protocol


class Share(Protocol):
    """What a task that works on whole batches must know of the other processes.

    Attributes
    ----------
    rank
        This process's number, from 0.
    part
        Where its examples stand in each batch.
    """

    rank: int
    part: slice

    def all_agree(self, holds: bool) -> bool:
        """Say whether something holds in every process; each of them asks at the same moment."""
        ...


class Whole:
    """A process that trains alone.

    Examples
    --------
    >>> Whole().all_agree(True), [1, 2, 3][Whole().part]
    (True, [1, 2, 3])
    """

    rank, part = 0, slice(None)

    def all_agree(self, holds: bool) -> bool:
        """Return what the process itself found."""
        return holds


WHOLE = Whole()
