"""Progress reports of estimators, for any function that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from mt2st.training.listener import Quiet

if TYPE_CHECKING:
    from mt2st.training.loop import Trainer

_SHOW: ContextVar[Callable[[str], None] | None] = ContextVar("show", default=None)


def report_progress(text: str) -> None:
    """Report what a fit is about to do, or how far it is."""
    show = _SHOW.get()
    if show is not None:
        show(text)


@contextmanager
def progress_to(show: Callable[[str], None]) -> Iterator[None]:
    """Call ``show`` with a line of text for each progress report of a fit in this thread.

    Examples
    --------
    >>> with progress_to(print):
    ...     report_progress("choosing columns")
    choosing columns
    >>> report_progress("choosing columns")
    """
    before = _SHOW.set(show)
    try:
        yield
    finally:
        _SHOW.reset(before)


class StepReporter(Quiet):
    """Reports each step of a run."""

    def __init__(self, what: str) -> None:
        self.what = what

    def on_step(self, trainer: Trainer) -> None:
        """Report the step."""
        report_progress(f"{self.what}: step {trainer.step} of {trainer.total}")
