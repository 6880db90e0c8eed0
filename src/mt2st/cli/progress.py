"""The progress of long work on standard error: a bar on a terminal, occasional plain lines elsewhere."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import Self

import typer

from mt2st.errors import counted

# Minimum seconds between plain lines.
INTERVAL = 10.0
# Parts take seconds to minutes each: their speed is the mean over some minutes.
SPEED_SECONDS = 300.0


class PlainLines:
    """Lines for logs and pipes."""

    def __init__(self) -> None:
        self._told = perf_counter()

    @property
    def due(self) -> bool:
        """Return whether it is time for another line."""
        return perf_counter() - self._told >= INTERVAL

    def tell(self, line: str) -> None:
        """Print a line."""
        typer.echo(line, err=True)
        self._told = perf_counter()


class WorkDisplay:
    """Shows, within a ``with`` block, the progress of long work, the current step, and the time left.

    Parameters
    ----------
    total, unit
        The total amount of work, and its unit, e.g. ``"trial"``.
    quiet
        Whether to show nothing.
    """

    def __init__(self, total: float, unit: str, *, quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from mt2st.cli.tables import console

        out, whole = console(stderr=True), counted(total, unit)
        self._lines = None if quiet or out.is_terminal else PlainLines()
        columns = (
            TextColumn("{task.description:<36}"),
            BarColumn(),
            TextColumn(f"{{task.completed:,.0f}}/{whole}"),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        hidden = not out.is_terminal or quiet
        self._bars = Progress(*columns, console=out, disable=hidden, speed_estimate_period=SPEED_SECONDS)
        self._total, self._whole, self._id = total, whole, self._bars.add_task("", total=total)

    def __enter__(self) -> Self:
        self._bars.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.__exit__(kind, error, trace)

    def begin(self, what: str) -> None:
        """Show the current step; always prints a line."""
        self._bars.update(self._id, description=what)
        if self._lines:
            self._lines.tell(self._line())

    def reach(self, done: float, what: str, *, fresh: bool = True) -> None:
        """Show the amount done and the current step; work that is not ``fresh`` does not count for the speed."""
        if fresh:
            self._bars.update(self._id, completed=done, description=what)
        else:
            self._bars.reset(self._id, completed=round(done), description=what)
        if self._lines and (self._lines.due or done >= self._total):
            self._lines.tell(self._line())

    def end_one(self, what: str, fresh: bool = True) -> None:
        """Show that one more unit is done."""
        self.reach(self._bars.tasks[self._id].completed + 1, what, fresh=fresh)

    def _line(self) -> str:
        task = self._bars.tasks[self._id]
        left = task.time_remaining
        ahead = f", {duration(left)} left" if left else ""
        return f"{task.completed:,.0f}/{self._whole}: {task.description}{ahead}"


def duration(seconds: float) -> str:
    """Return a duration in seconds, minutes or hours.

    Examples
    --------
    >>> duration(9.25), duration(75), duration(7260)
    ('9.2 s', '1:15 min', '2:01 h')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d} h"


def amount(value: float) -> str:
    """Return a number in short form, with k, M or G.

    Examples
    --------
    >>> amount(950), amount(48_200), amount(1_250_000), amount(3.2e9)
    ('950', '48k', '1.2M', '3.2G')
    """
    for limit, sign in ((1e9, "G"), (1e6, "M")):
        if value >= limit:
            return f"{value / limit:.1f}{sign}"
    return f"{value:.0f}" if value < 1000 else f"{value / 1000:.0f}k"
