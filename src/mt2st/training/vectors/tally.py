"""Sums over training, from which losses and speeds are computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(slots=True)
class Tally:
    """Sums over quanta.

    Attributes
    ----------
    loss
        The sum of all terms' losses, float64.
    terms
        The number of pairs, or GloVe's records, in the loss.
    not_finite
        Terms that were left out because their loss was not finite.
    units
        The number of words, or records, processed.

    Examples
    --------
    >>> tally = Tally()
    >>> tally.add(Tally(3.0, 2, 0, 10))
    >>> tally.add(Tally(1.0, 2, 1, 10))
    >>> tally.mean, tally.units
    (1.0, 20)
    """

    loss: float = 0.0
    terms: int = 0
    not_finite: int = 0
    units: int = 0

    def add(self, other: Tally) -> None:
        """Add the sums of another."""
        self.loss += other.loss
        self.terms += other.terms
        self.not_finite += other.not_finite
        self.units += other.units

    @property
    def mean(self) -> float | None:
        """Return the mean loss per term, None if there is none."""
        return self.loss / self.terms if self.terms else None

    def state_dict(self) -> dict[str, Any]:
        """Return the sums as JSON values."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return what `state_dict` wrote."""
        return cls(**state)
