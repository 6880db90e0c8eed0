"""The display while an estimator is fitted: the current step on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from mt2st.cli.progress import PlainLines
from mt2st.estimators.fitting.progress import progress_to


@contextmanager
def shown_fit(*, quiet: bool) -> Iterator[None]:
    """Show the progress of fits within the block, unless ``quiet``."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        with _live():
            yield
    else:
        with progress_to(_lines()):
            yield


def _lines() -> Callable[[str], None]:
    lines, begun = PlainLines(), perf_counter()

    def show(text: str) -> None:
        if lines.due:
            lines.tell(f"{text}, {perf_counter() - begun:.1f} s")

    return show


@contextmanager
def _live() -> Iterator[None]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from mt2st.cli.tables import console

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        line = progress.add_task("reading")
        with progress_to(lambda text: progress.update(line, description=text)):
            yield
