"""Constant: fixed weights from the first step to the last, plain multi-task training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from mt2st.strategies.checks import PerTask, per_task
from mt2st.strategies.strategy import Curve, Strategy


def constant(t: float, weight: float = 1.0) -> float:  # noqa: ARG001
    """Return ``gamma(t) = gamma_0``.

    Examples
    --------
    >>> constant(0.3, weight=0.5)
    0.5
    """
    return weight


@dataclass
class Constant(Strategy):
    """Train on all tasks all the time: ``gamma_k(t) = gamma_k0``.

    Parameters
    ----------
    weight
        gamma_0, one for all auxiliaries, or by name; at least 0.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> Constant(weight={"film": 0.5}).bind("products", ["film"], Clock(100)).weights(99)
    {'products': 1.0, 'film': 0.5}

    Notes
    -----
    Tuned fixed weights are rarely beaten by adaptive ones (Xin et al. 2022; Kurin et al. 2022).
    """

    name = "constant"
    weight: PerTask = 1.0

    def __post_init__(self) -> None:
        self.weight = per_task(self.weight, "weight")

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        return partial(constant, weight=self.value_of("weight", task))
