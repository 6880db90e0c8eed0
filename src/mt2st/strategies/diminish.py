"""Diminish: the auxiliaries fade, eq. 2 of the paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from mt2st.strategies.checks import PerTask, number, per_task
from mt2st.strategies.clock import ForFractions, Time, in_unit
from mt2st.strategies.strategy import Curve, Strategy

RATE = ForFractions(8.0)


def diminish(t: float, weight: float = 1.0, rate: float = 8.0, power: float = 1.0, tolerance: float = 0.0) -> float:
    """Return ``gamma(t) = gamma_0 * exp(-eta * t ** nu)``, eq. 2, or 0 if the exponential is under ``tolerance``.

    Examples
    --------
    >>> round(diminish(0.25, weight=2.0, rate=4.0), 6)
    0.735759
    """
    try:
        left = math.exp(-rate * t**power)
    except OverflowError:  # in the power
        left = 0.0
    return 0.0 if left < tolerance else weight * left


@dataclass
class Diminish(Strategy):
    """Let every auxiliary fade: ``gamma_k(t) = gamma_k0 * exp(-eta_k * t ** nu_k)`` (equation 2).

    Parameters
    ----------
    weight
        gamma_0, the weight at t = 0; at least 0. One for all auxiliaries, or by name, as are ``rate`` and ``power``.
    rate
        eta, in units of ``1 / t ** nu``; above 0. With the default 8, t a fraction and `Skip`, a task costs an
        eighth of what it does at constant weight.
    power
        nu; above 0. Below 1 the weight falls at once and then slowly, above 1 it stays high and then drops.
    time
        Unit of t: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run. The default ``rate`` is for fractions only.
    tolerance
        Weights under ``tolerance * gamma_0`` are set to 0, so that the task no longer costs anything. The default, 0,
        is eq. 2 exactly; in settings it is 0.02.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = Diminish(rate=4.0, tolerance=0.05).bind("products", ["film"], Clock(100))
    >>> [round(bound.weights(step)["film"], 4) for step in (0, 25, 50, 75)]
    [1.0, 0.3679, 0.1353, 0.0]

    Notes
    -----
    Eq. 11's ``alpha ** t`` is the case nu = 1, eta = -ln(alpha). ``tolerance`` is our addition: without it a task with
    a negligible weight still has a cost.
    """

    name = "diminish"
    weight: PerTask = 1.0
    rate: PerTask = RATE
    power: PerTask = 1.0
    time: Time = "fraction"
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        self.weight = per_task(self.weight, "weight")
        self.rate = per_task(in_unit(self.rate, "rate", self.time), "rate", above=True)
        self.power = per_task(self.power, "power", above=True)
        self.tolerance = number(self.tolerance, "tolerance", 0.0, 1.0, under=True)

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        settings = {name: self.value_of(name, task) for name in ("weight", "rate", "power")}
        return partial(diminish, **settings, tolerance=self.tolerance)
