"""SingleTask: the primary alone, the baseline that every other strategy must beat."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.strategies.strategy import Strategy


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

    def auxiliary_weight(self, task: str, step: int) -> float:  # noqa: ARG002
        """Return 0."""
        return 0.0
