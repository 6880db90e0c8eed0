"""Pretrain: the auxiliaries first, then the primary alone; what a joint phase has to justify itself to."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.strategies.switch import Switch


@dataclass
class Pretrain(Switch):
    """Train on the auxiliaries alone while ``t < at``, on the primary alone from there on.

    The settings are those of `Switch`; all that differs is that the primary waits.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = Pretrain(at=0.2).bind("products", ["film"], Clock(100))
    >>> bound.weights(19), bound.weights(20)
    ({'products': 0.0, 'film': 1.0}, {'products': 1.0, 'film': 0.0})
    """

    name = "pretrain"

    def primary_weight(self, step: int) -> float:
        """Return 0 before the end of pretraining, 1 from there on."""
        return 0.0 if self.t(step) < self.at else 1.0
