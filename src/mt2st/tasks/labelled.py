"""Labelled examples as the engines read them: rows of feature numbers, and class numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.text import Ragged

# The class number of an unknown label.
UNKNOWN = -1


@dataclass(frozen=True)
class LabelledRows:
    """Examples of one classification task.

    Attributes
    ----------
    rows
        Feature (or word) numbers of each example.
    labels
        Class numbers into ``classes``, int32, shape (examples,).
    classes
        The names of the classes.
    gaps
        Whether labels may be -1, for unknown, which are left out of the loss. Kernels do not accept these.
    """

    rows: Ragged
    labels: NDArray[np.int32]
    classes: tuple[str, ...]
    gaps: bool = False

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.labels):
            raise DataError(f"texts and labels must be as many, found {len(self.rows)} and {len(self.labels)}")
        least = UNKNOWN if self.gaps else 0
        if len(self.labels) and not least <= int(self.labels.min()) <= int(self.labels.max()) < len(self.classes):
            raise DataError(f"class numbers must lie in 0 to {len(self.classes) - 1}")

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, chosen: NDArray[np.int64]) -> LabelledRows:
        """Return some of the examples, in the order of ``chosen``."""
        return replace(self, rows=self.rows.select(chosen), labels=self.labels[chosen])

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """Return all arrays that training reads."""
        return self.rows.ids, self.rows.offsets, self.labels
