"""Assigning labels to classes: those that occur, or given ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError, listed
from mt2st.estimators.inputs.texts import ordered


@dataclass(frozen=True)
class Reading:
    """How labels are read; see `mt2st.estimators.inputs.targets.Targets.of`."""

    classes: NDArray[Any] | None
    what: str
    remedy: str

    def classes_of(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return the given classes, or else those that occur in the labels, in order."""
        return ordered(labels, self.what) if self.classes is None else np.asarray(self.classes)

    def columns_of(self, names: list[Any]) -> list[int]:
        """Return the index of each class's column in a table."""
        classes = [] if self.classes is None else self.classes.tolist()
        if set(names) != set(classes):
            other = listed(repr(each) for each in [*names, *classes] if (each in names) != (each in classes))
            raise DataError(f"columns of {self.what} and classes differ in {other}: name a column for each class")
        return [names.index(label) for label in classes]

    def place(self, row: int, label: Any, places: Mapping[Any, int]) -> int:
        """Return a label's index among the classes."""
        if label not in places:
            known = listed(map(repr, places))
            raise DataError(f"{self.what}[{row}]: {label!r} is none of {known}: {self.remedy}")
        return places[label]
