"""SingleTask: the primary alone, the baseline that every other strategy must beat."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.strategies.strategy import Curve, Strategy


def single_task(t: float) -> float:  # noqa: ARG001
    """Return ``gamma(t) = 0``.

    Examples
    --------
    >>> single_task(0.3)
    0.0
    """
    return 0.0


@dataclass
class SingleTask(Strategy):
    """Train on the primary alone: ``gamma_k(t) = 0`` for every auxiliary.

    Examples
    --------
    >>> from mt2st.strategies import Clock
    >>> SingleTask().bind("products", ["film"], Clock(100)).weights(0)
    {'products': 1.0, 'film': 0.0}
    """

    name = "single"

    def curve(self, task: str) -> Curve:  # noqa: ARG002
        """Return gamma_k(t)."""
        return single_task
