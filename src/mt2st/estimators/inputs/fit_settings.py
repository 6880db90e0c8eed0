"""An estimator's checked parameters, in the form that fitting needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mt2st.strategies import Strategy


@dataclass(frozen=True)
class FitSettings:
    """The parameters of an estimator, checked; see `mt2st.TextClassifier`."""

    strategy: Strategy
    passes: float | None
    vector_size: int
    pairs: bool
    ngrams: bool | None
    min_count: int
    pair_min_count: int
    costs: Sequence[float] | None
    workers: int
    seed: int
