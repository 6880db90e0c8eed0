"""Freezing: once the primary is alone, what matters least to it rests."""

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
    """Freezes the share of dimensions, and of layers, that the settings name, as the single-task phase begins.

    Relevance is computed on the primary's own training data with the parameters of that moment. Frozen are the least
    relevant; the rest trains on. Where an auxiliary comes back, all trains again. A run without a phase before the
    single-task one freezes nothing: its parameters are random still.

    Parameters
    ----------
    job
        Whose primary freezes.

    Attributes
    ----------
    frozen
        What is frozen since when: ``step``, ``dimensions``, ``layers``; None before.

    Raises
    ------
    ConfigError
        Where the primary, or its encoder, has no such parts.
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
        """Freeze, or let go, as ``step`` of ``phase`` begins; return the record of an event where something changed."""
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
        """Freeze what is frozen anew, from the arrays as they are now."""
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
        """Freeze what was frozen; after the arrays have been filled in."""
        self.frozen = state["frozen"]
        self.again()
