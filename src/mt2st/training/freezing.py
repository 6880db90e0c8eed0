"""Freezing: in the single-task phase, the dimensions and layers least relevant to the primary are not trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.errors import ConfigError
from mt2st.models.relevance import least_relevant
from mt2st.tasks import Freezes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.strategies import Phase
    from mt2st.training.job import Job


class Freezing:
    """Freezes the share of dimensions, and of layers, given in the settings when the single-task phase begins.

    Relevance is computed on the primary's training data with the parameters of that moment, and the least relevant are
    frozen. If an auxiliary returns, everything is trained again. A run that begins with the single-task phase freezes
    nothing, as its parameters are still random.

    Parameters
    ----------
    job
        The job whose primary is frozen in part.

    Attributes
    ----------
    frozen
        The frozen ``dimensions`` and ``layers``, and the ``step`` of freezing; None while nothing is frozen.

    Raises
    ------
    ConfigError
        If the primary, or its encoder, cannot be frozen in part.
    """

    def __init__(self, job: Job) -> None:
        self.job, self.settings = job, job.settings.freeze
        self.frozen: dict[str, Any] | None = None
        self._wanted = bool(self.settings.share or self.settings.layers)
        if self._wanted and not isinstance(self._primary, Freezes):
            raise ConfigError(f"freeze: the primary {job.settings.primary.name!r} has nothing to freeze: set share = 0")

    @property
    def _primary(self) -> Any:
        return self.job.tasks[self.job.settings.primary.name]

    def enter(self, phase: Phase, step: int) -> dict[str, Any] | None:
        """Freeze or unfreeze as ``step`` of ``phase`` begins; return the record of an event if something changed."""
        if not self._wanted:
            return None
        alone = phase.name == "single-task"
        if alone and self.frozen is None and 0 < phase.start == step:
            return self._freeze(step)
        return self._let_go(step) if self.frozen is not None and not alone else None

    def _freeze(self, step: int) -> dict[str, Any]:
        relevance, layers = self._primary.relevance(layers=self.settings.layers > 0)
        dimensions = least_relevant(relevance, self.settings.share)
        names = list(layers)
        chosen = least_relevant([*layers.values()], self.settings.layers).tolist() if self.settings.layers else []
        self.frozen = {"step": step, "dimensions": dimensions.tolist(), "layers": [names[place] for place in chosen]}
        self._apply()
        part = relevance[dimensions].sum() / relevance.sum()
        text = f"{len(dimensions)} of {len(relevance)} dimensions are frozen, which carry {part:.0%} of the relevance"
        if self.frozen["layers"]:
            text += f"; and of the encoder {', '.join(self.frozen['layers'])}"
        return {"step": step, "event": "freezing", "text": text}

    def _let_go(self, step: int) -> dict[str, Any]:
        self.frozen = None
        self._apply()
        return {"step": step, "event": "letting go", "text": "an auxiliary is back: all dimensions train again"}

    def again(self) -> None:
        """Freeze the same parts again, with the current values of the arrays."""
        if self.frozen is not None:
            self._apply()

    def _apply(self) -> None:
        found = self.frozen or {"dimensions": [], "layers": []}
        dimensions: NDArray[np.int64] = np.array(found["dimensions"], np.int64)
        self._primary.freeze(dimensions, found["layers"])

    def state_dict(self) -> dict[str, Any]:
        """Return what is frozen, as JSON values."""
        return {"frozen": self.frozen}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Freeze the saved parts; call this after the arrays have been loaded."""
        self.frozen = state["frozen"]
        self.again()
