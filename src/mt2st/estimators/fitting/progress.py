"""How far a fit has come, told to whoever shows it; estimators tell it, and nobody need listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from mt2st.training.listener import Quiet

if TYPE_CHECKING:
    from mt2st.training.loop import Trainer

_SHOW: ContextVar[Callable[[str], None] | None] = ContextVar("show", default=None)


def tell(text: str) -> None:
    """Say what a fit is about to do, or how far it is."""
    show = _SHOW.get()
    if show is not None:
        show(text)


@contextmanager
def told_to(show: Callable[[str], None]) -> Iterator[None]:
    """Have ``show`` called with a line of text each time that a fit of this thread comes further.

    Examples
    --------
    >>> with told_to(print):
    ...     tell("choosing columns")
    choosing columns
    >>> tell("choosing columns")
    """
    before = _SHOW.set(show)
    try:
        yield
    finally:
        _SHOW.reset(before)


class TellsSteps(Quiet):
    """Tells each step of a run."""

    def __init__(self, what: str) -> None:
        self.what = what

    def on_step(self, trainer: Trainer) -> None:
        """Tell it."""
        tell(f"{self.what}: step {trainer.step} of {trainer.total}")
