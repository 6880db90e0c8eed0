"""What changes during a run besides weights: rates by phase, frozen parts, dropped tasks, an early end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mt2st.training.converging import Converging
from mt2st.training.dropping import Dropping
from mt2st.training.freezing import Freezing
from mt2st.training.phase_rates import TableRates, make_rates

if TYPE_CHECKING:
    from mt2st.strategies import Phase
    from mt2st.training.job import Job

KEPT = ("freezing", "dropping", "converging")


class Housekeeping:
    """The parts of a trainer that react to phases and outcomes of tasks.

    Attributes
    ----------
    rates
        The schedule of all learning rates.
    freezing, dropping, converging
        Parts with a state of their own.
    """

    def __init__(self, job: Job) -> None:
        self.rates, self._tables = make_rates(job.settings.rates), TableRates(job)
        self.freezing, self.dropping = Freezing(job), Dropping()
        self.converging = Converging(job.settings.convergence)

    def begin(self, phase: Phase, step: int) -> dict[str, Any] | None:
        """Prepare for ``step`` of ``phase``; return the record of an event if something was frozen or unfrozen."""
        self._tables.enter(phase)
        return self.freezing.enter(phase, step)

    def restored(self) -> None:
        """Freeze again after an earlier state was restored to the arrays."""
        self.freezing.again()

    def state_dict(self) -> dict[str, Any]:
        """Return the state of the parts, as JSON values."""
        return {name: getattr(self, name).state_dict() for name in KEPT}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the state of the parts; call this after the arrays have been loaded."""
        for name in KEPT:
            getattr(self, name).load_state_dict(state[name])
