"""Plateau: detecting when a noisy score has stopped rising."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from mt2st.strategies.checks import count, number

Points = Sequence[tuple[float, float]]


def gain(points: Points, window: int) -> float:
    """Return the rise of the score per unit of t, from the mean of one window to that of the next.

    With n the window and points (t_i, s_i): ``(mean of the last n s - mean of the n before) / (the same of t)``.

    Examples
    --------
    >>> round(gain([(0.1, 0.50), (0.2, 0.54), (0.3, 0.60), (0.4, 0.64)], window=2), 6)
    0.5
    """
    (t0, s0), (t1, s1) = (
        [fmean(column) for column in zip(*part, strict=True)]
        for part in (points[-2 * window : -window], points[-window:])
    )
    return (s1 - s0) / (t1 - t0)


def levels_off(points: Points, window: int, share: float) -> bool:
    """Return whether a score rises less steeply at the end than before: whether its latest gain is low for a `Plateau`.

    True as well if it has not risen at all, or if there are too few points to compare two gains.

    Examples
    --------
    >>> levels_off([(1, 0.0), (2, 0.0), (3, 0.1), (4, 0.25)], window=1, share=0.25)
    False
    >>> levels_off([(1, 0.0), (2, 0.1), (3, 0.25), (4, 0.28)], window=1, share=0.25)
    True
    """
    plateau = Plateau(window, share)
    for t, score in points:
        plateau.observe(t, score)
    return plateau.low > 0 or plateau.steepest == 0.0 or len(points) <= 2 * window


def check_plateau(owner: Any) -> None:
    """Check the ``window``, ``patience`` and ``share`` of a plateau, or of a strategy that creates one."""
    owner.window, owner.patience = count(owner.window, "window"), count(owner.patience, "patience")
    owner.share = number(owner.share, "share", 0.0, 0.5, under=True)


@dataclass
class Plateau:
    """Observes a score, and detects when it has stopped rising.

    A `gain` of at most ``share`` times the steepest so far is low. ``patience`` low gains are a plateau; a gain of more
    than ``2 * share`` of the steepest resets the count, and one in between leaves it. A score that has not moved yet,
    such as the F1 of spans while none is found, has not stopped rising.

    Parameters
    ----------
    window
        Observations in each of the two means; at least 1. Two halve the variance of the noise.
    share
        The threshold, as a share of the steepest gain; at least 0 and under 0.5.
    patience
        Low gains that make a plateau; at least 1.

    Examples
    --------
    >>> plateau = Plateau(window=1, share=0.1, patience=2)
    >>> [plateau.observe(t, score) for t, score in enumerate([0.5, 0.6, 0.7, 0.705, 0.705])]
    [False, False, False, False, True]
    """

    window: int = 2
    share: float = 0.25
    patience: int = 2
    points: list[tuple[float, float]] = field(default_factory=list)
    steepest: float = 0.0
    low: int = 0

    def __post_init__(self) -> None:
        check_plateau(self)

    def observe(self, t: float, score: float) -> bool:
        """Record a score, and return whether it has stopped rising; one not finite, or at no later t, is ignored."""
        if math.isfinite(score) and (not self.points or t > self.points[-1][0]):
            self.points = [*self.points, (t, score)][-2 * self.window :]
            if len(self.points) == 2 * self.window:
                self._judge(gain(self.points, self.window))
        return self.low >= self.patience

    def _judge(self, rise: float) -> None:
        self.steepest = max(self.steepest, rise)
        if rise == self.steepest == 0.0:
            return
        if rise <= self.share * self.steepest:
            self.low += 1
        elif rise > 2.0 * self.share * self.steepest:
            self.low = 0

    def state_dict(self) -> dict[str, Any]:
        """Return the observations, as JSON values."""
        return {"points": [list(point) for point in self.points], "steepest": self.steepest, "low": self.low}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the observations."""
        self.points = [(t, score) for t, score in state["points"]]
        self.steepest, self.low = state["steepest"], state["low"]

    def reset(self) -> None:
        """Forget all scores."""
        self.points, self.steepest, self.low = [], 0.0, 0
