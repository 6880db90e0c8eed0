"""PretrainThenFinetune: the auxiliaries first, then the primary alone; the baseline of every joint phase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from mt2st.errors import ConfigError
from mt2st.strategies.checks import PerTask, per_task
from mt2st.strategies.clock import ForFractions, Time, moment
from mt2st.strategies.strategy import Curve, Strategy
from mt2st.strategies.switch import switch


def pretrain_then_finetune(t: float, at: float, weight: float = 1.0) -> tuple[float, float]:
    """Return the weights of primary and auxiliary: (0, ``weight``) while ``t < at``, and (1, 0) from ``at`` on.

    Examples
    --------
    >>> pretrain_then_finetune(0.1, at=0.2, weight=0.5), pretrain_then_finetune(0.2, at=0.2)
    ((0.0, 0.5), (1.0, 0.0))
    """
    auxiliary = switch(t, at, weight)
    return (0.0 if t < at else 1.0), auxiliary


@dataclass
class PretrainThenFinetune(Strategy):
    """Train on the auxiliaries alone while ``t < T``, and on the primary alone from T on.

    Parameters
    ----------
    at
        T, the end of pretraining, in ``time``; at least 0.
    time
        Unit of t: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run. The default of ``at`` is for fractions only.
    weight
        The weight of the auxiliaries before T, one for all, or by name.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> bound = PretrainThenFinetune(at=0.2).bind("products", ["film"], Clock(100))
    >>> bound.weights(19), bound.weights(20)
    ({'products': 0.0, 'film': 1.0}, {'products': 1.0, 'film': 0.0})

    Notes
    -----
    T cannot be found from the primary's score, as `Switch` does with ``at="auto"``, because the primary is not trained
    before T. If all auxiliaries are dropped before T, the primary begins then.
    """

    name = "pretrain"
    at: float = ForFractions(0.2)
    time: Time = "fraction"
    weight: PerTask = 1.0

    def __post_init__(self) -> None:
        if isinstance(self.at, str):
            raise ConfigError(
                f"at of PretrainThenFinetune must be fixed before the run, found {self.at!r}: the "
                "primary, whose score would decide, is not trained before it; give a number, or use Switch"
            )
        self.at = moment(self.at, "at", self.time)
        self.weight = per_task(self.weight, "weight")

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        return partial(switch, at=self.at, weight=self.value_of("weight", task))

    def primary_weight(self, step: int) -> float:
        """Return 0 before the end of pretraining, and 1 after it."""
        return pretrain_then_finetune(self.t(step), self.at)[0]
