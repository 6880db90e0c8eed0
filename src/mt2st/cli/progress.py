"""What long work shows on standard error: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import Self

import typer

from mt2st.errors import counted

# Seconds after which there is a plain line again.
INTERVAL = 10.0
# Parts take seconds to minutes each: their speed is the mean over some minutes.
SPEED_SECONDS = 300.0


class PlainLines:
    """Lines for logs and pipes."""

    def __init__(self) -> None:
        self._told = perf_counter()

    @property
    def due(self) -> bool:
        """Return whether the last line, or the start, is so long ago that there should be one."""
        return perf_counter() - self._told >= INTERVAL

    def tell(self, line: str) -> None:
        """Print a line."""
        typer.echo(line, err=True)
        self._told = perf_counter()


class WorkDisplay:
    """Shows, for the time of a ``with`` block, how much of long work is done, what is being done, and the time left.

    Parameters
    ----------
    total, unit
        How much there is, and what is counted: ``"trial"``.
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
        """Tell what is being done from now on; that always has a line."""
        self._bars.update(self._id, description=what)
        if self._lines:
            self._lines.tell(self._line())

    def reach(self, done: float, what: str, *, fresh: bool = True) -> None:
        """Tell how much is done, and what is being done; what was found done, not fresh, says nothing of the speed."""
        if fresh:
            self._bars.update(self._id, completed=done, description=what)
        else:
            self._bars.reset(self._id, completed=round(done), description=what)
        if self._lines and (self._lines.due or done >= self._total):
            self._lines.tell(self._line())

    def end_one(self, what: str, fresh: bool = True) -> None:
        """Tell of one more that is done."""
        self.reach(self._bars.tasks[self._id].completed + 1, what, fresh=fresh)

    def _line(self) -> str:
        task = self._bars.tasks[self._id]
        left = task.time_remaining
        ahead = f", {duration(left)} left" if left else ""
        return f"{task.completed:,.0f}/{self._whole}: {task.description}{ahead}"


def duration(seconds: float) -> str:
    """Return seconds, or minutes and hours where there are many.

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
    """Return a number with k, M or G for its thousands.

    Examples
    --------
    >>> amount(950), amount(48_200), amount(1_250_000), amount(3.2e9)
    ('950', '48k', '1.2M', '3.2G')
    """
    for limit, sign in ((1e9, "G"), (1e6, "M")):
        if value >= limit:
            return f"{value / limit:.1f}{sign}"
    return f"{value:.0f}" if value < 1000 else f"{value / 1000:.0f}k"
