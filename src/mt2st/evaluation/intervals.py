"""Means with 95% intervals over seeds, and paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mt2st.errors import DataError


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds of its 95% interval; the bounds are None for a single value."""

    mean: float
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Return mean, low and high by name."""
        return {"mean": self.mean, "low": self.low, "high": self.high}

    def within(self, least: float, most: float) -> Interval:
        """Return the interval clipped to the range of the measure, which Student's t ignores.

        Examples
        --------
        >>> f"{mean_interval([0.0, 0.012]).within(0.0, 1.0):.3f}"
        '0.006 [0.000, 0.082]'
        """
        low, high = (None if bound is None else min(max(bound, least), most) for bound in (self.low, self.high))
        return Interval(self.mean, low, high)

    def __format__(self, spec: str) -> str:
        mean = format(self.mean, spec)
        if self.low is None or self.high is None:
            return mean
        return f"{mean} [{format(self.low, spec)}, {format(self.high, spec)}]"


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the mean of independent values and its 95% interval by Student's t.

    Parameters
    ----------
    values
        One value per seed. The interval covers variation by the seed (choice of labels, order, initial values), not by
        the choice of test sentences, which are the same for all.

    Examples
    --------
    >>> f"{mean_interval([0.70, 0.72, 0.71, 0.69, 0.73]):.3f}"
    '0.710 [0.690, 0.730]'
    """
    if not values:
        raise DataError("an interval needs at least one value, found none")
    mean = float(np.mean(values))
    if len(values) == 1:
        return Interval(mean, None, None)
    from scipy.stats import t  # scipy comes with scikit-learn; it is slow to import and needed here only

    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - half, mean + half)


def paired_difference(values: Sequence[float], baseline: Sequence[float]) -> Interval:
    """Return the mean of ``values - baseline``, seed by seed, with its 95% interval.

    Examples
    --------
    >>> f"{paired_difference([0.75, 0.77], [0.70, 0.71]):+.3f}"
    '+0.055 [-0.009, +0.119]'
    """
    if len(values) != len(baseline):
        raise DataError(f"pairs need as many values on both sides, found {len(values)} and {len(baseline)}")
    return mean_interval([a - b for a, b in zip(values, baseline, strict=True)])
