"""The display while word vectors are trained: live bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from mt2st.cli.progress import PlainLines, amount, duration

if TYPE_CHECKING:
    from mt2st.training.vectors.progress import Progress


class VectorDisplay(Protocol):
    """A display of progress within a ``with`` block."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def show(self, progress: Progress) -> None:
        """Show the progress of the run."""


def make_display(*, quiet: bool) -> VectorDisplay:
    """Return a silent display, bars on a terminal, or plain lines."""
    if quiet:
        return Quiet()
    return Bars() if sys.stderr.isatty() else Lines()


class Quiet:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, progress: Progress) -> None:
        """Show nothing."""


class Lines(Quiet):
    """A line at the start of a phase, at each epoch and score, and every few seconds."""

    def __init__(self) -> None:
        self._phase, self._records, self._lines = "", 0, PlainLines()

    def show(self, progress: Progress) -> None:
        """Print a line if it is time."""
        begins = progress.phase != self._phase
        if begins:
            self._records = len(progress.history)  # those of before an interruption are known
        for record in progress.history[self._records :]:
            self._lines.tell(record_text(record))
        self._phase, self._records = progress.phase, len(progress.history)
        if begins or self._lines.due:
            self._lines.tell(f"{progress.phase} {share_text(progress)}{facts_text(progress)}".rstrip())


class Bars(Quiet):
    """A bar for each phase."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        from mt2st.cli.tables import console

        columns = (TextColumn("{task.description:>9}"), BarColumn(bar_width=30), TextColumn("{task.fields[facts]}"))
        self._bars = RichProgress(*columns, console=console(stderr=True))
        self._ids: dict[str, int] = {}
        self._records = 0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        """Update the bar of the phase."""
        if progress.phase not in self._ids:
            self._records = len(progress.history)  # those of before an interruption are known
            self._ids[progress.phase] = self._bars.add_task(progress.phase, facts="")
        for record in progress.history[self._records :]:
            self._bars.console.print(record_text(record))
        self._records = len(progress.history)
        bar = self._bars.tasks[self._ids[progress.phase]].id
        facts = f"{share_text(progress)}{facts_text(progress)}"
        self._bars.update(bar, completed=progress.done, total=progress.total, facts=facts)


def share_text(progress: Progress) -> str:
    """Return the share done, or the amount if the total is unknown."""
    if progress.total:
        return f"{progress.done / progress.total:4.0%}"
    return f"{amount(progress.done)} {progress.unit}" if progress.done else "..."


def facts_text(progress: Progress) -> str:
    """Return epoch, speed, loss, rate and time left, if known."""
    facts = [f"epoch {progress.epoch}/{progress.epochs}"] if progress.epochs else []
    if progress.speed:
        facts.append(f"{amount(progress.speed)} {progress.unit}/s")
    if progress.loss is not None:
        facts.append(f"loss {progress.loss:.4f}")
    if progress.rate is not None:
        facts.append(f"rate {progress.rate:.4f}")
    if progress.left:
        facts.append(f"{duration(progress.left)} left")
    return "".join(f"  {fact}" for fact in facts)


def record_text(record: dict[str, float]) -> str:
    """Return a line on a finished epoch, or a development score.

    Examples
    --------
    >>> record_text({"epoch": 1.5, "loss": 2.0, "rate": 0.02, "score": 0.5, "best": True, "seconds": 3.0})
    'epoch 1.5: loss 2.0000, development 0.5000 (best so far), 3.0 s of training'
    """
    loss = "-" if record["loss"] is None else f"{record['loss']:.4f}"
    score = ""
    if "score" in record:
        score = f", development {record['score']:.4f}{' (best so far)' if record['best'] else ''}"
    return f"epoch {record['epoch']:.4g}: loss {loss}{score}, {record['seconds']:.1f} s of training"
