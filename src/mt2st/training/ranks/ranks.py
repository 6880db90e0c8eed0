"""The loop's interface to other processes, and its implementation for a single process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from mt2st.training.stopping import StopRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.tasks import Classifies, Outcome, Task
    from mt2st.text import Ragged
    from mt2st.training.guard import GradientGuard
    from mt2st.training.job import Job
    from mt2st.training.loop import Trainer


class Ranks(Protocol):
    """The processes of one run. All make the same calls in the same order."""

    @property
    def first(self) -> bool:
        """Return whether this is the process that writes the run directory and the screen."""
        ...

    def spread(self, job: Job) -> Job:
        """Return the job set up so that each process trains a part of every batch, and all have equal parameters."""
        ...

    def align(self, trainer: Trainer) -> None:
        """Copy the state of the first process, which may have loaded a checkpoint, to all others."""
        ...

    def learn(self, guard: GradientGuard, task: Task, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on a batch and return the outcome over all processes."""
        ...

    def logits(self, task: Classifies, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes), the same everywhere."""
        ...

    def add_up(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sum of all processes' values, the same everywhere."""
        ...

    def means(self, values: Sequence[float]) -> list[float]:
        """Return the mean over all processes of values that each measures for itself, such as seconds."""
        ...

    def stop(self, max_seconds: float | None) -> StopRequest:
        """Return the stop request that is checked after every step."""
        ...

    def broadcast(self, find: Callable[[], Any]) -> Any:
        """Call ``find`` in the first process, and return its JSON values everywhere."""
        ...

    def leave(self) -> None:
        """Leave the process group; the first process finishes by itself."""
        ...


class Alone:
    """A process that trains by itself.

    Examples
    --------
    >>> Alone().means([1.5, 2.0]), Alone().broadcast(lambda: {"run": 1})
    ([1.5, 2.0], {'run': 1})
    """

    first = True

    def spread(self, job: Job) -> Job:
        """Return the job as it is."""
        return job

    def align(self, trainer: Trainer) -> None:
        """Do nothing."""

    def learn(self, guard: GradientGuard, task: Task, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the whole batch."""
        return guard.learn(task, batch, weight, rate)

    def logits(self, task: Classifies, rows: Ragged) -> NDArray[np.float32]:
        """Return the task's logits."""
        return task.logits(rows)

    def add_up(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the values."""
        return values

    def means(self, values: Sequence[float]) -> list[float]:
        """Return the values."""
        return list(values)

    def stop(self, max_seconds: float | None) -> StopRequest:
        """Return a stop request for this process."""
        return StopRequest(max_seconds)

    def broadcast(self, find: Callable[[], Any]) -> Any:
        """Return ``find()``."""
        return find()

    def leave(self) -> None:
        """Do nothing."""


ALONE = Alone()
