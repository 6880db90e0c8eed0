"""Stopping several ranks after the same step."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mt2st.training.stopping import StopRequest


class AgreedStop(StopRequest):
    """Stops all ranks once one of them got a signal, or is out of time.

    The requests are part of the exchange at the end of a step, so that agreeing costs nothing; the first step is always
    done.

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
        """Record SIGINT and SIGTERM; once the ranks have stopped for one, ignore others.

        A launcher sends its signal to one rank after another: some have already stopped when it reaches them.
        """
        with super().listening():
            yield
        if self._agreed and self.signal:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)

    def asked(self) -> list[int]:
        """Return the signal that this rank received, 0 for none, and 1 if it is out of time, else 0."""
        return [int(self.signal or 0), int(self.out_of_time)]

    def heed(self, greatest: Sequence[int]) -> None:
        """Stop if any rank must, given the maxima of `asked` over ranks."""
        number, late = greatest
        if number:  # a signal that reached this rank after `asked` waits for the next step
            self.signal = number
        self._agreed = bool(number or late)
