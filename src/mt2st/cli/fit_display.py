"""What is shown while an estimator is fitted: where it is on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import typer

from mt2st.estimators.fitting.progress import told_to

# Seconds between plain lines.
INTERVAL = 3.0


@contextmanager
def shown_fit(*, quiet: bool) -> Iterator[None]:
    """Show how far fits within the block have come; nothing where ``quiet``."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        with _live():
            yield
    else:
        with told_to(Lines().show):
            yield


class Lines:
    """A line of text every few seconds."""

    def __init__(self) -> None:
        self._begun = self._told = perf_counter()

    def show(self, text: str) -> None:
        """Print it where it is time."""
        now = perf_counter()
        if now - self._told >= INTERVAL:
            self._told = now
            typer.echo(f"{text}, {now - self._begun:.1f} s", err=True)


@contextmanager
def _live() -> Iterator[None]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from mt2st.cli.tables import console

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        line = progress.add_task("reading")
        with told_to(lambda text: progress.update(line, description=text)):
            yield
