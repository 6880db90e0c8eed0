"""Examples with several numbers each to learn: several labels per text, or ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.text import Ragged


@dataclass(frozen=True)
class TargetRows:
    """Texts with a number for each of several names.

    Attributes
    ----------
    rows
        Feature (or word) numbers of each example.
    targets
        Float32, shape (examples, names): 1 for a label that applies and 0 for one that does not, or ratings; NaN for
        unknown, which is left out of the loss.
    names
        Names of the columns.

    Examples
    --------
    >>> data = TargetRows(Ragged.from_lists([[1], [2]]), np.array([[1, np.nan], [0, 1]], np.float32), ("rude", "spam"))
    >>> data.counts.tolist()
    [1, 2]
    """

    rows: Ragged
    targets: NDArray[np.float32]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        wanted = (len(self.rows), len(self.names))
        if self.targets.shape != wanted or self.targets.dtype != np.float32:
            raise DataError(f"targets must be float32 {wanted}, found {self.targets.dtype} {self.targets.shape}")
        if np.isinf(self.targets).any():
            raise DataError("targets must be finite, or NaN where they are not known: infinite ones found")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of words of each text."""
        return self.rows.lengths

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """Return all arrays that training reads."""
        return self.rows.ids, self.rows.offsets, self.targets

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the number of known targets of each example, (examples,)."""
        return np.asarray((~np.isnan(self.targets)).sum(1), np.int64)


@dataclass(frozen=True)
class Scale:
    """Standardisation of ratings: ``(rating - mean) / deviation``, column by column.

    Attributes
    ----------
    mean, deviation
        Mean and standard deviation of the known ratings, (names,), float32; 1 for a column of equal values.
    """

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def of(cls, targets: NDArray[np.float32]) -> Scale:
        """Return the scale of the known targets; a column without known targets is a `DataError`.

        Examples
        --------
        >>> scale = Scale.of(np.array([[1.0], [5.0], [np.nan]], np.float32))
        >>> scale.mean.tolist(), scale.deviation.tolist()
        ([3.0], [2.0])
        """
        empty = np.isnan(targets).all(0)
        if empty.any():
            raise DataError(f"target {int(empty.argmax())} has no known value: leave it out")
        mean, deviation = np.nanmean(targets, 0, np.float64), np.nanstd(targets, 0, np.float64)
        return cls(np.asarray(mean, np.float32), np.where(deviation > 0, deviation, 1).astype(np.float32))

    def standardise(self, targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return targets of mean 0 and deviation 1."""
        return (targets - self.mean) / self.deviation

    def restore(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return standardised values as ratings."""
        return values * self.deviation + self.mean


def check_labels(data: TargetRows) -> None:
    """Refuse targets other than 0, 1 and NaN.

    Raises
    ------
    DataError
        With the value found.
    """
    known = data.targets[~np.isnan(data.targets)]
    strange = known[(known != 0) & (known != 1)]
    if len(strange):
        raise DataError(f"labels are 1, 0 or not known, {strange[0]:g} found: ratings are learned by regression")
