"""The sizes of the comparison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers that all sets share.

    Attributes
    ----------
    autotune
        Seconds of fastText's search, of wall-clock time, so that it makes fewer trials on a busy machine.
    test
        Maximum number of test rows; None for all.
    text
        Maximum number of rows of unlabelled text from a file, besides the set's own; None for all.
    """

    autotune: int = 60
    test: int | None = None
    text: int | None = None


WHOLE = Sizes()
QUICK = Sizes(autotune=5, test=500, text=2000)
