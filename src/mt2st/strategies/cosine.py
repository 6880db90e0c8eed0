"""Cosine: the auxiliaries fade slowly, then fast, then slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from mt2st.strategies.checks import PerTask, per_task
from mt2st.strategies.clock import ForFractions, Time, in_unit
from mt2st.strategies.strategy import Curve, Strategy

END = ForFractions(0.4)


def cosine(t: float, end: float = 0.4, weight: float = 1.0) -> float:
    """Return ``gamma(t) = gamma_0 * (1 + cos(pi * t / T)) / 2`` while ``t < T``, and 0 from T on.

    Examples
    --------
    >>> round(cosine(0.1, end=0.4), 6), cosine(0.4, end=0.4)
    (0.853553, 0.0)
    """
    return weight * 0.5 * (1.0 + math.cos(math.pi * t / end)) if t < end else 0.0


@dataclass
class Cosine(Strategy):
    """Let every auxiliary fade along half a cosine: ``gamma_k(t) = gamma_k0 * (1 + cos(pi * min(t / T_k, 1))) / 2``.

    Parameters
    ----------
    end
        T, the moment at which the weight reaches 0, in ``time``; above 0. One for all auxiliaries, or by name, as is
        ``weight``. The default 0.4 costs ``T / 2`` of constant's work, as much as a switch at 0.2.
    weight
        gamma_0, the weight at t = 0; at least 0.
    time
        Unit of t: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run. The default of ``end`` is for fractions only.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = Cosine(end=0.5).bind("products", ["film"], Clock(100))
    >>> [round(bound.weights(step)["film"], 4) for step in (0, 10, 25, 50)]
    [1.0, 0.9045, 0.5, 0.0]

    Notes
    -----
    The shape is that of cosine annealing (Loshchilov and Hutter 2017), there for learning rates.
    """

    name = "cosine"
    end_setting = "end"
    end: PerTask = END
    weight: PerTask = 1.0
    time: Time = "fraction"

    def __post_init__(self) -> None:
        self.end = per_task(in_unit(self.end, "end", self.time), "end", above=True)
        self.weight = per_task(self.weight, "weight")

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        return partial(cosine, end=self.value_of("end", task), weight=self.value_of("weight", task))
