"""The shared parameters: the embedding table and, with torch, the encoder and its optimiser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError

# The name, among the shared arrays, of the rows of character n-grams.
SUBWORDS = "subwords"


def check_table(table: NDArray[np.float32]) -> None:
    """Refuse an object that cannot be trained in place as a table."""
    if not isinstance(table, np.ndarray):
        kind = type(table).__name__
        raise ConfigError(f"the table must be a NumPy array, found {kind}: give its .table, or .numpy() of a tensor")
    if table.dtype != np.float32 or table.ndim != 2 or not table.flags.writeable:
        raise ConfigError(f"the table must be writable float32 of two axes, found {table.dtype} {table.shape}")


class Shared(Protocol):
    """The loop's interface to the shared parameters."""

    table: NDArray[np.float32]

    def begin_step(self, seed: int) -> None:
        """Prepare a step; ``seed`` is for all its random numbers."""
        ...

    def finish_step(self, rate: float) -> None:
        """Apply the gradients of the step's tasks; ``rate`` is the schedule's share of the learning rates."""
        ...

    def settle(self) -> None:
        """Bring the table up to date if a task trains a copy of its rows, see `ActiveColumns`."""
        ...

    def trace(self) -> list[NDArray[np.generic]]:
        """Return arrays that a task's step must change: shared parameters and their pending gradients, or a digest."""
        ...

    def layer(self) -> NDArray[np.float32]:
        """Return a copy of one shared layer's values, or of its pending gradient, as one vector."""
        ...

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all state by name: live arrays, so that it can be restored in place."""
        ...


@dataclass
class NativeShared:
    """The table alone, which native tasks change during their step.

    Attributes
    ----------
    table
        (rows, vector_size): the rows of words and word pairs, which all tasks share.
    beside
        Further rows that language models train, which are saved too.
    elsewhere
        Functions that bring the table up to date if a task trains a copy of its rows; called before it is read here.
    looked_at
        The rows that `layer` returns: frequent ones of the primary, few enough to be copied in no time.
    """

    table: NDArray[np.float32]
    beside: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    elsewhere: list[Callable[[], None]] = field(default_factory=list)
    looked_at: NDArray[np.int64] = field(default_factory=lambda: np.arange(0))

    def begin_step(self, seed: int) -> None:
        """Do nothing: kernels take their seeds from their tasks."""

    def finish_step(self, rate: float) -> None:
        """Do nothing."""

    def settle(self) -> None:
        """Bring the table up to date."""
        for write in self.elsewhere:
            write()

    def trace(self) -> list[NDArray[np.generic]]:
        """Return a digest of the table's bits, which costs a tenth of a copy."""
        self.settle()
        bits = self.table.view(np.uint32)
        return [np.bitwise_xor.reduce(bits, axis=0), bits.sum(axis=0, dtype=np.uint64)]

    def layer(self) -> NDArray[np.float32]:
        """Return the rows ``looked_at`` as one vector."""
        return self.table[self.looked_at].ravel()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the table and the rows beside it."""
        self.settle()
        return {"table": self.table, **self.beside}
