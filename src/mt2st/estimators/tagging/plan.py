"""What the engines of a tagger are given, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.estimators.tagging.inputs import Tagged
    from mt2st.strategies import Strategy


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


class Predicts(Protocol):
    """A finished model."""

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return a tag for each token of each sentence."""
        ...

    def chances(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return how likely each tag of each token is, (tokens, tags) a sentence."""
        ...

    def knows(self, word: str) -> bool:
        """Say whether a word, in small letters, has a vector."""
        ...
