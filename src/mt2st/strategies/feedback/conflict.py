"""Conflict: an auxiliary whose gradient keeps pointing against the primary's is halved, then dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MEMORY = 0.8


@dataclass
class Conflict:
    """Observes the cosine between one auxiliary's gradient and the primary's.

    Parameters
    ----------
    against
        A running mean below ``-against`` is a conflict; above half of that there is none, and between the two nothing
        changes.
    patience
        Number of conflicts in a row after which the weight is halved, and after as many again the auxiliary is dropped.

    Examples
    --------
    >>> conflict = Conflict(against=0.1, patience=2)
    >>> [conflict.observe(cosine) for cosine in (0.2, -0.5, -0.5, -0.5, -0.5, -0.5, -0.5)]
    [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.0]
    """

    against: float
    patience: int
    mean: float | None = None
    count: int = 0
    share: float = 1.0

    def observe(self, cosine: float) -> float:
        """Record a cosine, if finite, and return the share of its weight that the auxiliary keeps."""
        if math.isfinite(cosine):
            self.mean = cosine if self.mean is None else MEMORY * self.mean + (1 - MEMORY) * cosine
            self._judge(self.mean)
        return self.share

    def _judge(self, mean: float) -> None:
        if mean < -self.against:
            self.count += 1
        elif mean > -0.5 * self.against:
            self.count, self.share = 0, self.share and 1.0
        if self.count >= self.patience:
            self.count, self.share = 0, 0.5 if self.share == 1.0 else 0.0

    def state_dict(self) -> dict[str, Any]:
        """Return the observations, as JSON values."""
        return {"mean": self.mean, "count": self.count, "share": self.share}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the observations."""
        self.mean, self.count, self.share = state["mean"], state["count"], state["share"]
