"""The input and output of a tagger's engines."""

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
    """The settings of training; see `mt2st.TokenTagger`."""

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
class TaggedSets:
    """The sentences: to train on, to compute development scores on (possibly none), and those of each auxiliary."""

    primary: Tagged
    watched: Tagged
    auxiliary: Mapping[str, Tagged]
