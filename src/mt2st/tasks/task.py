"""The contract of a task."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks.sampler import Sampler
from mt2st.text import Ragged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step of one task came to.

    Attributes
    ----------
    loss
        Sum of the finite losses.
    terms
        How many losses that is the sum of: examples of a classifier, pairs (or, in CBOW, windows) of a language model,
        records of GloVe.
    examples, words
        How many sentences, or co-occurrence records, the step saw, and the words or features in them.
    not_finite
        Losses that were infinite or not a number; nothing was updated for them.
    """

    loss: float
    terms: int
    examples: int
    words: int
    not_finite: int = 0


class Task(Protocol):
    """One thing to learn. The loop draws a batch from ``sampler`` and calls `learn`; a task at rest is not touched."""

    name: str
    sampler: Sampler

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the examples ``batch`` with the loss multiplied by ``weight``.

        ``rate`` is the schedule's share, 0 to 1, of the task's own learning rates.
        """
        ...

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the task's own parameters by name: live arrays, changed in place by training."""
        ...


@runtime_checkable
class Classifies(Protocol):
    """A task that can also say how likely each class is."""

    classes: tuple[str, ...]

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        ...


@runtime_checkable
class Freezes(Protocol):
    """A task that can say what the shared parameters are worth to it, and let some of them rest."""

    def relevance(self, *, layers: bool = False) -> tuple[NDArray[np.float64], dict[str, float]]:
        """Return the relevance of each dimension of the table, and if asked each layer's by name, on its own data."""
        ...

    def freeze(self, columns: NDArray[np.int64], layers: Collection[str] = ()) -> None:
        """Let these dimensions, in ascending order, and these layers rest from here on; none: let all train again."""
        ...


@runtime_checkable
class HasGradient(Protocol):
    """A task that can tell how large its gradient is."""

    def gradient_norm(self, batch: NDArray[np.int64]) -> float:
        """Return the norm, on shared parameters that train, of the mean loss of the examples learned from last."""
        ...


@runtime_checkable
class Encodes(Protocol):
    """A task on texts that an encoder reads, with a head on what comes out; see `mt2st.tasks.pytorch.text_task`."""

    def labels_of(self, batch: NDArray[np.int64]) -> int:
        """Return how many labels some examples have: without any, they are not encoded."""
        ...

    def keep_dropout(self) -> Callable[[], None]:
        """Return what lets the encoder, whenever it is called, drop out what it would drop out next now."""
        ...
