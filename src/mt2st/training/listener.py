"""Who hears of training as it goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mt2st.training.loop import Trainer

Record = dict[str, Any]


class Listener(Protocol):
    """Hears of training as it goes: the metrics file and what the screen shows."""

    def on_step(self, trainer: Trainer) -> None:
        """Take note that a step is done."""
        ...

    def on_record(self, record: Record) -> None:
        """Take a record of an interval, or of an event."""
        ...

    def on_interval(self, trainer: Trainer) -> None:
        """Take note that an interval and its record are done: the moment for a checkpoint."""
        ...


class Quiet:
    """Hears of training and does nothing, and is the base of what hears of only some of it."""

    def on_step(self, trainer: Trainer) -> None:
        """Do nothing."""

    def on_record(self, record: Record) -> None:
        """Do nothing."""

    def on_interval(self, trainer: Trainer) -> None:
        """Do nothing."""


def tell(listener: Listener, events: Iterable[Record | None]) -> None:
    """Pass on the records of events; None stands for none."""
    for event in events:
        if event is not None:
            listener.on_record(event)
