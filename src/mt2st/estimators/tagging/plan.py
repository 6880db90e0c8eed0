"""What the engines of a tagger are given, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mt2st.estimators.tagging.inputs import Tagged
    from mt2st.models import TaggingModel
    from mt2st.models.window.model import WindowModel
    from mt2st.strategies import Strategy

    FinishedTagger: TypeAlias = WindowModel | TaggingModel


@dataclass(frozen=True)
class Plan:
    """What decides about training, beside the data; see `mt2st.TokenTagger`."""

    strategy: Strategy
    passes: float
    auxiliary_passes: float
    vector_size: int
    hidden_size: int
    dropout: float
    seed: int
    workers: int
    scheme: str | None


@dataclass(frozen=True)
class Lots:
    """The sentences: to train on, to watch by (maybe none), and those of each auxiliary."""

    primary: Tagged
    watched: Tagged
    auxiliary: Mapping[str, Tagged]
