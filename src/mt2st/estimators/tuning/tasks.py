"""What is tuned: an estimator with its training data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol

from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.judging import HeldOutCounts
from mt2st.estimators.tuning.parts import Part
from mt2st.estimators.tuning.sizes import folder_bytes


class Task(Protocol):
    """An estimator and its training data; what it does is decided by the settings alone."""

    @property
    def estimator(self) -> Any:
        """Return the estimator as it was given."""
        ...

    @property
    def metric(self) -> str:
        """Return what it is judged by."""
        ...

    @property
    def can_quantize(self) -> bool:
        """Return whether the estimator's ``save`` takes ``quantize``."""
        ...

    @property
    def rounds(self) -> int:
        """Return how often examples can be held out anew."""
        ...

    def parts(self, number: int) -> Sequence[Part]:
        """Return what is trained on and judged by in a round, in turn; the same in every trial."""
        ...

    def work(self, settings: Settings) -> float:
        """Return what a round of a trial costs, all parts together, in seconds of a reference machine."""
        ...

    def fit(self, settings: Settings, part: Part | None) -> Any:
        """Return the estimator fitted to what a part trains on; None for all there is."""
        ...

    def judge(self, model: Any, part: Part) -> HeldOutCounts:
        """Return how a model does on what a part holds out."""
        ...


class Saved(NamedTuple):
    """A model as it is once it is saved.

    Attributes
    ----------
    model
        What predicts.
    size
        Bytes of its folder; None where nobody asked.
    quantized
        Whether ``quantize=True`` made it small enough, or as small as it gets.
    """

    model: Any
    size: int | None
    quantized: bool


def as_saved(model: Any, limit: int | None, *, can_quantize: bool) -> Saved:
    """Return a fitted estimator as it would be read from a folder of at most ``limit`` bytes, quantized if it must.

    One that is still too large is returned all the same, as small as it gets. None for ``limit`` saves nothing.
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
