"""Stopping on SIGINT, SIGTERM or a time limit, after the current step."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import perf_counter
from types import FrameType


class StopRequest:
    """Checked after every step; returns whether to stop, and why.

    Parameters
    ----------
    max_seconds
        Stop this many seconds after construction; None for no limit.
    """

    def __init__(self, max_seconds: float | None = None) -> None:
        self.signal: int | None = None
        self.limit(max_seconds)

    def limit(self, max_seconds: float | None) -> None:
        """Set the time limit, counted from now."""
        self._max_seconds, self._started = max_seconds, perf_counter()

    @property
    def out_of_time(self) -> bool:
        """Return whether the time limit has passed."""
        return self._max_seconds is not None and perf_counter() - self._started >= self._max_seconds

    def __bool__(self) -> bool:
        return self.signal is not None or self.out_of_time

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Record SIGINT and SIGTERM instead of ending at once; a second signal has its usual effect.

        Only the main thread can set signal handlers; in others nothing changes.
        """
        if current_thread() is not main_thread():
            yield
            return
        previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
            self.signal = number
            signal.signal(number, previous[signal.Signals(number)])

        for number in previous:
            signal.signal(number, note)
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
