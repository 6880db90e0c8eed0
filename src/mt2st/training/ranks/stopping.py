"""Stopping several ranks after the same step."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mt2st.training.stopping import StopRequest


class AgreedStop(StopRequest):
    """Stops every rank where one is asked to: by a signal, or as its time is up.

    What each is asked travels with what the ranks exchange at the end of a step, so that agreeing costs nothing; the
    first step is always taken.

    Examples
    --------
    >>> stop = AgreedStop()
    >>> stop.signal = 15
    >>> bool(stop), stop.asked()
    (False, [15, 0])
    >>> stop.heed([15, 0])
    >>> bool(stop)
    True
    """

    def __init__(self) -> None:
        super().__init__()
        self._agreed = False

    def __bool__(self) -> bool:
        return self._agreed

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take note of SIGINT and SIGTERM; once ranks have stopped for one, no other matters.

        A launcher sends its signal to one rank after the other: some have stopped before it reaches them.
        """
        with super().listening():
            yield
        if self._agreed and self.signal:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)

    def asked(self) -> list[int]:
        """Return the signal that this rank has got, 0 for none, and 1 where its time is up."""
        return [int(self.signal or 0), int(self.out_of_time)]

    def heed(self, greatest: Sequence[int]) -> None:
        """Stop where any rank was asked to, after the same step."""
        number, late = greatest
        if number:  # one that has come to this rank meanwhile waits for the next step
            self.signal = number
        self._agreed = bool(number or late)
