"""The interface of what is tuned: an estimator with its training data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol

from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.held_out import HeldOutCounts
from mt2st.estimators.tuning.parts import Part
from mt2st.estimators.tuning.sizes import folder_bytes


class Task(Protocol):
    """An estimator and its training data; all results depend only on the settings."""

    @property
    def estimator(self) -> Any:
        """Return the estimator as it was given."""
        ...

    @property
    def metric(self) -> str:
        """Return the name of the metric."""
        ...

    @property
    def can_quantize(self) -> bool:
        """Return whether the estimator's ``save`` accepts ``quantize=True``."""
        ...

    @property
    def rounds(self) -> int:
        """Return the number of different selections of held-out examples."""
        ...

    def parts(self, number: int) -> Sequence[Part]:
        """Return the training and held-out examples of each part of a round, the same in every trial."""
        ...

    def work(self, settings: Settings) -> float:
        """Return the cost of a round of a trial with all parts, in seconds of a reference machine."""
        ...

    def fit(self, settings: Settings, part: Part | None) -> Any:
        """Return the estimator fitted to the training examples of a part; None for all examples."""
        ...

    def judge(self, model: Any, part: Part) -> HeldOutCounts:
        """Evaluate a model on the examples that a part holds out."""
        ...


class Saved(NamedTuple):
    """A model in the state in which it is saved.

    Attributes
    ----------
    model
        The model that predicts.
    size
        Bytes of its folder; None if there is no limit.
    quantized
        Whether it is saved with ``quantize=True``.
    """

    model: Any
    size: int | None
    quantized: bool


def as_saved(model: Any, limit: int | None, *, can_quantize: bool) -> Saved:
    """Return a fitted estimator as it would be loaded from a folder of at most ``limit`` bytes, quantized if necessary.

    If quantized it is still too large, it is returned all the same. With ``limit`` None, nothing is saved.
    """
    if limit is None:
        return Saved(model, None, quantized=False)
    from mt2st.estimators.loading import load

    with TemporaryDirectory() as name:
        folder = Path(name, "model")
        model.save(folder)
        size = folder_bytes(folder)
        if size <= limit or not can_quantize:
            return Saved(model, size, quantized=False)
        model.save(folder, quantize=True)
        return Saved(load(folder), folder_bytes(folder), quantized=True)
