"""The end of an auxiliary: the step after which its schedule has almost no weight left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

POINTS = 1000


def ending(weight: Callable[[int], float], total_steps: int, tolerance: float = 0.0) -> int:
    """Return the first step from which the remaining weight is at most ``tolerance`` of the schedule's total weight.

    That is the smallest T with ``sum(gamma(s), s >= T) <= tolerance * sum(gamma(s))``, summed to the end of the run. In
    runs of more than a thousand steps the sums are over a thousand evenly spaced steps; if gamma reaches 0 between two
    of these, T is that exact step.

    Parameters
    ----------
    weight
        gamma, a function of the step.
    total_steps
        Number of steps of the run; the result if the weight lasts to the end.
    tolerance
        At least 0 and under 1. With 0 a task is over once its weight is 0.

    Examples
    --------
    >>> ending(lambda step: 1.0 if step < 40 else 0.0, 100)
    40
    >>> ending(lambda step: 0.5**step, 100, tolerance=0.01)
    7
    """
    stride = max(1, total_steps // POINTS)
    steps = range(0, total_steps, stride)
    weights = [weight(step) for step in steps]
    allowed, left = tolerance * sum(weights), 0.0
    for step, value in zip(reversed(steps), reversed(weights), strict=True):
        left += value
        if left > allowed:
            between = range(step + 1, min(step + stride, total_steps))
            return step + 1 + bisect_left(between, True, key=lambda each: not weight(each))
    return 0
