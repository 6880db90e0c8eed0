"""The methods that are compared, and what is searched for each: as many trials for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RATES = (2e-3, 6e-3, 7e-4)
# What the second axis of the search multiplies: the table's rate, or for constant weights the weight.
FACTORS = (1.0, 3.0, 1 / 3)
TABLE_RATE = 2.5  # of the encoder's
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
        """Return what it is called in the store."""
        return f"{self.primary} / {self.method}"

    @property
    def rates(self) -> tuple[float, ...]:
        """Return the numbers of the trials; see `trial_settings`."""
        return tuple(map(float, range(self.trials)))


def trial_settings(method: str, trial: int) -> dict[str, Any]:
    """Return the rates, strategy and weights of one trial of a method.

    Examples
    --------
    >>> trial_settings("switch", 1)["model"], trial_settings("constant", 1)["strategy"]
    ({'rate': 0.006, 'table_rate': 0.015}, {'name': 'constant', 'weight': 1.0})
    >>> trial_settings("constant", 3)["strategy"]["weight"], trial_settings("PCGrad", 3)["model"]["table_rate"]
    (3.0, 0.015)
    """
    rate, factor = RATES[trial % len(RATES)], FACTORS[trial // len(RATES)]
    strategy: dict[str, Any] = dict(OURS.get(method, OURS["constant"]))
    if method == "constant":
        strategy["weight"], factor = factor, 1.0
    return {"model": {"rate": rate, "table_rate": rate * TABLE_RATE * factor}, "strategy": strategy}
