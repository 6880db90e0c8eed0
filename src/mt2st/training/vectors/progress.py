"""The progress of a run, for displays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias

# Minimum seconds between two calls of a display, so that it takes no time from training.
INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run.

    Attributes
    ----------
    phase
        "encoding", "counting" or "training"; "saving", if the run also writes its vectors.
    done, total, unit
        Bytes of text when encoding, words when counting and saving, words or GloVe's records (of all epochs) when
        training. The total is None if unknown.
    seconds
        Time that this process has spent in the phase.
    speed
        Units per second since the phase began, or was resumed.
    epoch, epochs, rate, loss
        In training: the epoch, from 1, the learning rate, and the mean loss of the epoch so far.
    history
        A record of each finished epoch, and of each development score.
    """

    phase: str
    done: int
    total: int | None
    unit: str
    seconds: float
    speed: float
    epoch: int = 0
    epochs: int = 0
    rate: float | None = None
    loss: float | None = None
    history: tuple[dict[str, Any], ...] = ()

    @property
    def left(self) -> float | None:
        """Return the seconds left at this speed, None if unknown."""
        return None if self.total is None or self.speed <= 0 else (self.total - self.done) / self.speed


OnProgress: TypeAlias = Callable[[Progress], None]


class Reporter:
    """Reports the progress of phases to one listener, not too often, and keeps the seconds of each."""

    def __init__(self, listener: OnProgress | None) -> None:
        self._listener = listener
        self.seconds: dict[str, float] = {}
        self._phase, self._unit = "", ""
        self._total: int | None = None
        self._began = self._told = 0.0
        self._first = self._done = 0

    def begin(self, phase: str, unit: str, total: int | None, done: int = 0, **more: Any) -> None:
        """Begin a phase of which ``done`` units are already done."""
        self._phase, self._unit, self._total, self._first = phase, unit, total, done
        self._began, self._told = perf_counter(), 0.0
        self.tell(done, total, last=True, **more)

    @property
    def due(self) -> bool:
        """Return whether a report is due."""
        return self._listener is not None and perf_counter() - self._told >= INTERVAL

    def tell(self, done: int, total: int | None = None, *, last: bool = False, **more: Any) -> None:
        """Report how much is done, if a report is due or this is the ``last``."""
        now = perf_counter()
        self.seconds[self._phase] = now - self._began
        self._done, self._total = done, self._total if total is None else total
        if self._listener is None or not (last or now - self._told >= INTERVAL):
            return
        self._told = now
        spent = now - self._began
        speed = (done - self._first) / spent if done > self._first and spent > 0 else 0.0
        self._listener(Progress(self._phase, done, self._total, self._unit, spent, speed, **more))

    def end(self) -> None:
        """End a phase with a last report."""
        self.tell(self._done, last=True)
