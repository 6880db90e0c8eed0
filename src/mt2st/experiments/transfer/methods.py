"""The methods compared, and their search spaces, with the same number of trials for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RATE = 1e-2  # of the encoder
# The table's rate relative to it: low for a table trained by a language model, high for one trained by labels alone.
TABLE_RATES = (0.25, 2.5)
# The second axis of each method's search; for methods without a setting of their own, a factor of the rates.
OWN: dict[str, tuple[str, tuple[float, float]]] = {
    "constant": ("weight", (1.0, 1 / 3)),
    "pretrain": ("at", (0.5, 0.2)),
    "switch": ("at", (0.2, 0.4)),
    "diminish": ("rate", (8.0, 4.0)),
}
FACTORS = (1.0, 1 / 3)
OURS = {
    "single": {"name": "single"},
    "pretrain": {"name": "pretrain"},
    "constant": {"name": "constant"},
    "diminish": {"name": "diminish"},
    "switch": {"name": "switch"},
    "switch auto": {"name": "switch", "at": "auto"},
    "feedback": {"name": "feedback"},
}
# Of TorchJD; uncertainty weighting is its UW, random weights its Random.
THEIRS = ("PCGrad", "CAGrad", "UPGrad", "UW", "DWA", "FAMO", "Random")
METHODS = (*OURS, *THEIRS)


@dataclass(frozen=True)
class TransferCell:
    """One method on one primary."""

    primary: str
    method: str
    trials: int

    @property
    def name(self) -> str:
        """Return its name in the store."""
        return f"{self.primary} / {self.method}"

    @property
    def rates(self) -> tuple[float, ...]:
        """Return the numbers of the trials; see `trial_settings`."""
        return tuple(map(float, range(self.trials)))


def trial_settings(method: str, trial: int) -> dict[str, Any]:
    """Return the rates, strategy and weights of one trial of a method.

    Examples
    --------
    >>> trial_settings("pretrain", 2)
    {'model': {'rate': 0.01, 'table_rate': 0.0025}, 'strategy': {'name': 'pretrain', 'at': 0.2}}
    >>> trial_settings("single", 1)
    {'model': {'rate': 0.01, 'table_rate': 0.025}, 'strategy': {'name': 'single'}}
    """
    share, place = TABLE_RATES[trial % len(TABLE_RATES)], trial // len(TABLE_RATES)
    strategy: dict[str, Any] = dict(OURS.get(method, OURS["constant"]))
    rate = RATE
    if method in OWN:
        setting, numbers = OWN[method]
        strategy[setting] = numbers[place]
    else:
        rate *= FACTORS[place]
    return {"model": {"rate": rate, "table_rate": rate * share}, "strategy": strategy}
