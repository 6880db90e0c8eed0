"""The interface of objects that follow training as it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mt2st.training.loop import Trainer

Record = dict[str, Any]


class Listener(Protocol):
    """Is called as training runs: for instance to write the metrics file, or show progress on the screen."""

    def on_step(self, trainer: Trainer) -> None:
        """Handle the end of a step."""
        ...

    def on_record(self, record: Record) -> None:
        """Handle the record of an interval, or of an event."""
        ...

    def on_interval(self, trainer: Trainer) -> None:
        """Handle the end of an interval, after its record: the moment for a checkpoint."""
        ...


class Quiet:
    """A listener that does nothing; the base class of those that need only some of the calls."""

    def on_step(self, trainer: Trainer) -> None:
        """Do nothing."""

    def on_record(self, record: Record) -> None:
        """Do nothing."""

    def on_interval(self, trainer: Trainer) -> None:
        """Do nothing."""


def notify(listener: Listener, events: Iterable[Record | None]) -> None:
    """Pass the records of events to the listener; None, which stands for no event, is ignored."""
    for event in events:
        if event is not None:
            listener.on_record(event)
