"""Learning rates by phase according to the settings: a factor for all rates, and one for the table's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mt2st.strategies import Rates

if TYPE_CHECKING:
    from mt2st.strategies import Phase
    from mt2st.training.job import Job
    from mt2st.training.settings import RateSettings

PHASES = ("multi_task", "auxiliaries_only", "single_task")


def make_rates(settings: RateSettings) -> Rates:
    """Return the schedule of all learning rates."""
    return Rates(*(getattr(settings, name) for name in (*PHASES, "end", "warm", "low", "warm_first")))


class TableRates:
    """Multiplies the table's rate of every task, and of the shared optimiser, by the phase's own factor.

    Parameters
    ----------
    job
        Its tasks and shared part hold the rates, as ``table_rate``, or as ``rate`` if that is for the table alone.
    """

    def __init__(self, job: Job) -> None:
        settings = job.settings.rates
        shared = getattr(job.shared, "inner", job.shared)  # SpreadShared wraps this rank's
        self.factors = Rates(*(getattr(settings, f"table_{name}") for name in PHASES))
        found = ((holder, _name(holder)) for holder in (*job.tasks.values(), shared))
        self._own = [(holder, name, getattr(holder, name)) for holder, name in found if name]
        self._factor = 1.0

    def enter(self, phase: Phase) -> None:
        """Set the rates of a phase."""
        factor = self.factors.multiplier(phase)
        if factor != self._factor:
            self._factor = factor
            for holder, name, rate in self._own:
                setattr(holder, name, rate * factor)


def _name(holder: Any) -> str | None:
    if hasattr(holder, "table_rate"):
        return "table_rate"
    return "rate" if hasattr(holder, "table") and hasattr(holder, "rate") else None
