"""Linear: the auxiliaries fade in a straight line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from mt2st.strategies.checks import PerTask, per_task
from mt2st.strategies.clock import ForFractions, Time, in_unit
from mt2st.strategies.strategy import Curve, Strategy

END = ForFractions(0.4)


def linear(t: float, end: float = 0.4, weight: float = 1.0) -> float:
    """Return ``gamma(t) = gamma_0 * (1 - t / T)`` while ``t < T``, and 0 from T on.

    Examples
    --------
    >>> linear(0.1, end=0.4), linear(0.4, end=0.4)
    (0.75, 0.0)
    """
    return weight * (1.0 - t / end) if t < end else 0.0


@dataclass
class Linear(Strategy):
    """Let every auxiliary fade linearly: ``gamma_k(t) = gamma_k0 * max(0, 1 - t / T_k)``.

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
    >>> bound = Linear(end=0.5).bind("products", ["film"], Clock(100))
    >>> [bound.weights(step)["film"] for step in (0, 25, 50)]
    [1.0, 0.5, 0.0]
    """

    name = "linear"
    end_setting = "end"
    end: PerTask = END
    weight: PerTask = 1.0
    time: Time = "fraction"

    def __post_init__(self) -> None:
        self.end = per_task(in_unit(self.end, "end", self.time), "end", above=True)
        self.weight = per_task(self.weight, "weight")

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        return partial(linear, end=self.value_of("end", task), weight=self.value_of("weight", task))
