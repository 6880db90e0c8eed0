"""The early end of a run: in the single-task phase the primary has converged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mt2st.strategies import Convergence
from mt2st.tasks import HasGradient
from mt2st.training.ranks import ALONE, Ranks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.tasks import Task
    from mt2st.training.settings import ConvergenceSettings


class Converging:
    """Feeds a `Convergence` once per interval of the single-task phase.

    Its input is the primary's mean loss over the interval, or the gradient norm of the mean loss of the interval's last
    batch with respect to the shared part.

    Parameters
    ----------
    settings
        Off if ``on`` is ``"nothing"``.

    Attributes
    ----------
    reason
        Why the run has converged, in words; None if it has not.
    """

    def __init__(self, settings: ConvergenceSettings) -> None:
        self.on = settings.on
        self.reason: str | None = None
        self._norm: float | None = None
        self._watch: Convergence | None = None
        if settings.on != "nothing":
            self._watch = Convergence(settings.on, settings.window, settings.tolerance, settings.patience)

    def look(self, task: Task, batch: NDArray[np.int64], ranks: Ranks = ALONE) -> None:
        """Record the gradient's norm, if that is what decides, after the task has learned from the batch.

        With several processes, the norm is averaged over them.
        """
        if self.on == "gradient" and isinstance(task, HasGradient):
            [self._norm] = ranks.means([task.gradient_norm(batch)])

    def observe(self, step: int, phase: str, loss: float | None) -> dict[str, Any] | None:
        """Add an interval; return the record of an event if the primary has converged, else None."""
        value = self._norm if self.on == "gradient" else loss
        if self._watch is None or phase != "single-task" or value is None or not self._watch.observe(value):
            return None
        what = "loss" if self.on == "loss" else "gradient norm"
        seen = len(self._watch.points) * self._watch.stride
        self.reason = (
            f"converged: the primary's {what} has fallen by less than {self._watch.threshold:g} of itself "
            f"over the last half of {seen} intervals"
        )
        return {"step": step, "event": "converged", "text": self.reason}

    def state_dict(self) -> dict[str, Any]:
        """Return what was seen, as JSON values."""
        return {"reason": self.reason, "watch": None if self._watch is None else self._watch.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load what was seen."""
        self.reason = state["reason"]
        if self._watch is not None:
            self._watch.load_state_dict(state["watch"])
