"""Convergence: whether a noisy loss, or gradient norm, has stopped falling; the paper's CheckConvergence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance
from typing import Any, Literal

from mt2st.strategies.checks import count, measured, number, one_of

TOLERANCES = {"loss": 0.02, "gradient": 0.05}
# Maximum number of points; then adjacent ones are averaged, which does not change the means of windows.
POINTS = 128


def fall(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """Return by how much the mean has fallen from one window to the next, and the standard error of that (Welch).

    Both are relative to the first mean's absolute value; infinite if that is 0 and the fall, or error, is not.

    Examples
    --------
    >>> [round(value, 4) for value in fall([1.0, 1.2], [1.0, 0.98])]
    [0.1, 0.0914]
    """
    difference = fmean(before) - fmean(after)
    error = math.sqrt(variance(before) / len(before) + variance(after) / len(after))
    size = abs(fmean(before))
    if size == 0.0:
        return (math.copysign(math.inf, difference) if difference else 0.0), (math.inf if error else 0.0)
    return difference / size, error / size


@dataclass
class Convergence:
    """Observes the primary's loss, or its gradient norm, and detects when it has stopped falling.

    The mean of the last quarter of all observations is compared with the mean of the quarter before, see `fall`, and
    again once that quarter has been replaced. Flat means ``fall + certainty * error <= tolerance``: the fall is
    under the tolerance, and the noise too small to hide a larger one. ``patience`` flat comparisons in a row mean
    convergence.

    A loss that does not move at first, or a gradient norm, which often rises before it falls, has not converged. So a
    comparison is flat only if the last mean is below the highest mean of as many observations by more than the default
    tolerance, whatever ``tolerance`` is.

    Parameters
    ----------
    on
        The quantity observed: ``"loss"``, or ``"gradient"`` for its norm. It only determines the default tolerance.
    window
        Smallest number of observations in each of the two means; at least 2. Windows grow with the number of
        observations, so that noise averages out in the end, and a longer run is assessed over a longer time.
    tolerance
        The relative fall that counts as flat; at least 0. None is 0.02 for a loss and 0.05 for a gradient norm, which
        falls faster and is noisier. As the windows span half of all observations, training for as long again would gain
        about this much.
    patience
        Flat comparisons in a row that mean convergence; at least 1.
    certainty
        Standard errors added to the fall before it is compared. With 2, one comparison in 40 mistakes a fall of just
        the tolerance for flat; steeper falls are mistaken more rarely.

    Examples
    --------
    >>> convergence = Convergence(window=2, tolerance=0.02, patience=1)
    >>> losses = [8.0, 4.0, 2.0, 1.5, 1.3, 1.2, 1.2, 1.2, 1.2, 1.2]
    >>> for step, loss in enumerate(losses):
    ...     if convergence.observe(loss):
    ...         break
    >>> step, loss
    (9, 1.2)

    Notes
    -----
    With noise of standard deviation s, of the loss, it takes some ``4 * 2 * (certainty * s / tolerance) ** 2``
    observations to find a loss flat: 72 at s = 0.03 with a tolerance of 0.02. Observe means of several steps, or of an
    epoch, rather than single noisy losses.
    """

    on: Literal["loss", "gradient"] = "loss"
    window: int = 5
    tolerance: float | None = None
    patience: int = 2
    certainty: float = 2.0
    points: list[float] = field(default_factory=list)
    stride: int = 1
    pending: list[float] = field(default_factory=list)
    flat: int = 0
    due: int = 0

    def __post_init__(self) -> None:
        one_of(self.on, "on", tuple(TOLERANCES))
        self.window, self.patience = count(self.window, "window", 2, POINTS // 8), count(self.patience, "patience")
        number(self.threshold, "tolerance")
        number(self.certainty, "certainty")

    @property
    def threshold(self) -> float:
        """Return the tolerance, or the default one if it is None."""
        return TOLERANCES[self.on] if self.tolerance is None else self.tolerance

    def observe(self, value: float) -> bool:
        """Record a loss or norm, and return whether it has stopped falling; values that are not finite are ignored."""
        if math.isfinite(value := measured(value, "value")):
            self.pending.append(value)
            if len(self.pending) == self.stride:
                self.points.append(fmean(self.pending))
                self.pending.clear()
                self._judge()
                self._merge()
        return self.flat >= self.patience

    def _judge(self) -> None:
        size = max(self.window, len(self.points) // 4)
        self.due -= 1
        if len(self.points) < 2 * size or self.due > 0:
            return
        # Each comparison uses a new window: repeated tests of the same noise would eventually find it flat.
        self.due = size
        difference, error = fall(self.points[-2 * size : -size], self.points[-size:])
        still = difference + self.certainty * error <= self.threshold
        self.flat = self.flat + 1 if still and self._has_fallen(size) else 0

    def _has_fallen(self, size: int) -> bool:
        means = [fmean(self.points[end - size : end]) for end in range(len(self.points), size - 1, -size)]
        return max(means) - means[0] > TOLERANCES[self.on] * abs(max(means))

    def _merge(self) -> None:
        if len(self.points) == POINTS:
            self.points = [fmean(pair) for pair in zip(self.points[::2], self.points[1::2], strict=True)]
            self.stride, self.due = 2 * self.stride, self.due // 2

    def state_dict(self) -> dict[str, Any]:
        """Return the observations, as JSON values."""
        kept = {"points": list(self.points), "pending": list(self.pending)}
        return {**kept, "stride": self.stride, "flat": self.flat, "due": self.due}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the observations."""
        self.points, self.pending = list(state["points"]), list(state["pending"])
        self.stride, self.flat, self.due = state["stride"], state["flat"], state["due"]

    def reset(self) -> None:
        """Forget all observations."""
        self.points, self.pending = [], []
        self.stride, self.flat, self.due = 1, 0, 0
