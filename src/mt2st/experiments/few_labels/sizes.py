"""How large the comparison is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers that all sets share.

    Attributes
    ----------
    autotune
        Seconds that fastText searches its settings for: of the clock, so that a busy machine gives it fewer trials.
    test
        The most test rows; None for all of them.
    text
        The most rows of unlabelled text from a file beside the set's own; None for all of them.
    """

    autotune: int = 60
    test: int | None = None
    text: int | None = None


WHOLE = Sizes()
QUICK = Sizes(autotune=5, test=500, text=2000)
