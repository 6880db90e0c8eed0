"""Observation: what a strategy learns about training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from mt2st.strategies.checks import measured, number


@dataclass(frozen=True, slots=True)
class Observation:
    """Scores, losses and costs of training at the end of an interval.

    Attributes
    ----------
    step
        Number of steps done.
    score
        The primary's development score; higher is better.
    losses
        Mean loss of each task since the last observation.
    seconds
        Seconds of training so far.
    cost
        The cost of training so far, in a unit that is the same in every run of a seed: words, or losses computed.
    noise
        The standard error of ``score``; 0 if it is not known.
    cosines
        Mean cosine between each auxiliary's gradient and the primary's since the last observation, of those probed.
    """

    step: int
    score: float
    losses: Mapping[str, float]
    seconds: float
    cost: float = 0.0
    noise: float = 0.0
    cosines: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Convert NumPy's and torch's numbers to Python's, to be saved as JSON."""
        for name in ("score", "seconds", "cost", "noise"):
            object.__setattr__(self, name, measured(getattr(self, name), name))
        object.__setattr__(self, "step", int(self.step))
        if isfinite(self.score):  # otherwise the observation is ignored
            number(self.noise, "noise")
