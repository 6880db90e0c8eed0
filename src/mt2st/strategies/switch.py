"""Switch: all tasks, then at one moment the primary alone, eq. 4, 5 and 10 of the paper."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.strategies.clock import Time
from mt2st.strategies.strategy import PerTask, Strategy, check_per_task, value_for


def switch(t: float, at: float, weight: float = 1.0) -> float:
    """Return ``weight`` while ``t < at`` and 0 from ``at`` on, eq. 4-5.

    Examples
    --------
    >>> switch(0.19, at=0.2), switch(0.2, at=0.2)
    (1.0, 0.0)
    """
    return weight if t < at else 0.0


@dataclass
class Switch(Strategy):
    """Train on everything while ``t < T_switch``, on the primary alone from there on.

    Parameters
    ----------
    at
        T_switch, in ``time``; at least 0.
    time
        What t is counted in: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run.
    weight
        What an auxiliary weighs before the switch, for all or by name; the paper's is 1.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = Switch(at=0.2).bind("products", ["film"], Clock(100))
    >>> bound.weights(19), bound.weights(20)
    ({'products': 1.0, 'film': 1.0}, {'products': 1.0, 'film': 0.0})
    """

    name = "switch"
    at: float = 0.2
    time: Time = "fraction"
    weight: PerTask = 1.0

    def __post_init__(self) -> None:
        check_per_task(self.at, "at", 0.0)
        check_per_task(self.weight, "weight", 0.0)

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return gamma_k(t)."""
        return switch(self.t(step), self.at, value_for(self.weight, task, "weight"))
