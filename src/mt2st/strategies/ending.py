"""When an auxiliary is over: from there on its schedule has next to no weight left to give."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

POINTS = 1000


def ending(weight: Callable[[int], float], total_steps: int, tolerance: float = 0.0) -> int:
    """Return the first step from which the weight left is at most ``tolerance`` of the schedule's whole weight.

    That is the least T with ``sum(gamma(s), s >= T) <= tolerance * sum(gamma(s))``, both up to the end of the run and,
    in runs of more than a thousand steps, over a thousand steps evenly spread; where gamma falls to nothing between two
    of these, that very step.

    Parameters
    ----------
    weight
        gamma, a function of the step.
    total_steps
        Steps of the run; the answer where the weight lasts to the end.
    tolerance
        At least 0 and under 1. At 0 a task is over once it weighs nothing any more.

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
