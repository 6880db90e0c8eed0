"""Pretrain: the auxiliaries first, then the primary alone; what a joint phase has to justify itself to."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.strategies.clock import Time
from mt2st.strategies.strategy import PerTask, Strategy, check_per_task, value_for
from mt2st.strategies.switch import switch


@dataclass
class Pretrain(Strategy):
    """Train on the auxiliaries alone while ``t < at``, on the primary alone from there on.

    Parameters
    ----------
    at
        The end of pretraining, in ``unit``; at least 0.
    unit
        What t is counted in: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run.
    weight
        What an auxiliary weighs while it runs, for all or by name.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = Pretrain(at=0.2).bind("products", ["film"], Clock(100))
    >>> bound.weights(19), bound.weights(20)
    ({'products': 0.0, 'film': 1.0}, {'products': 1.0, 'film': 0.0})
    """

    name = "pretrain"
    at: float = 0.2
    unit: Time = "fraction"
    weight: PerTask = 1.0

    def __post_init__(self) -> None:
        check_per_task(self.at, "at", 0.0)
        check_per_task(self.weight, "weight", 0.0)

    def primary_weight(self, step: int) -> float:
        """Return 0 before the end of pretraining, 1 from there on."""
        return 0.0 if self.time(step) < self.at else 1.0

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the weight before the end of pretraining, 0 from there on."""
        return switch(self.time(step), self.at, value_for(self.weight, task, "weight"))
