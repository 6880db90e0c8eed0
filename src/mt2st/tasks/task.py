"""The interface of a task."""

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
    """The outcome of one step of one task.

    Attributes
    ----------
    loss
        The sum of the finite losses.
    terms
        The number of these losses: examples of a classifier, pairs (or, in CBOW, windows) of a language model, records
        of GloVe.
    examples, words
        The number of sentences, or co-occurrence records, in the step, and of the words or features in them.
    not_finite
        The number of losses that were infinite or not a number; nothing was updated for them.
    """

    loss: float
    terms: int
    examples: int
    words: int
    not_finite: int = 0


class Task(Protocol):
    """Something to learn. The loop draws a batch from ``sampler`` and calls `learn` at each step that runs the task."""

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
    """A task that can also score classes."""

    classes: tuple[str, ...]

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        ...


@runtime_checkable
class Freezes(Protocol):
    """A task that can compute the relevance of shared parameters to it, and freeze some of them."""

    def relevance(self, *, layers: bool = False) -> tuple[NDArray[np.float64], dict[str, float]]:
        """Return the relevance, on its own data, of each dimension of the table, and with ``layers`` of each layer."""
        ...

    def freeze(self, columns: NDArray[np.int64], layers: Collection[str] = ()) -> None:
        """Freeze these dimensions, in ascending order, and these layers from here on; none: train all again."""
        ...


@runtime_checkable
class HasGradient(Protocol):
    """A task that can compute the norm of its gradient."""

    def gradient_norm(self, batch: NDArray[np.int64]) -> float:
        """Return the gradient norm of the mean loss of the last batch, on the shared parameters that are trained."""
        ...


@runtime_checkable
class Encodes(Protocol):
    """A task with a head on an encoder's output for its texts; see `mt2st.tasks.pytorch.text_task`."""

    def labels_of(self, batch: NDArray[np.int64]) -> int:
        """Return the number of labels of some examples; if there are none, they are not encoded."""
        ...

    def keep_dropout(self) -> Callable[[], None]:
        """Return a function that resets the encoder's dropout to its current state, so that masks can be repeated."""
        ...
