"""The shared table alone in torch, for lexical objectives without a torch encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from mt2st.models.pytorch.row_sparse import Adam, moving_rows
from mt2st.models.pytorch.shared import DEFAULT_RATE, Trained
from mt2st.models.shared import check_table

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SharesTable(Protocol):
    """Shared parameters with a table as a torch embedding: `TorchShared`, `TorchTable`."""

    table: NDArray[np.float32]

    @property
    def embedding(self) -> torch.nn.Module:
        """Return the table as an embedding that shares its memory."""
        ...

    def parameters(self) -> list[torch.nn.Parameter]:
        """Return the shared parameters."""
        ...

    def register(self, head: torch.nn.Module, rate: float | None = None) -> Trained:
        """Train a task's head too."""
        ...


class TorchTable:
    """The table, trained by Adam row by row, and the heads of tasks.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), float32, changed in place; or the first rows of one.
    rate
        Learning rate of the table. Adam changes each number by about this much per step, whatever the loss's scale.
    head_rate
        Learning rate of heads without their own.

    Raises
    ------
    ConfigError
        If the table is not writable float32 with two axes.

    Examples
    --------
    >>> table = np.zeros((3, 2), np.float32)
    >>> shared = TorchTable(table, rate=0.5)
    >>> shared.embedding(torch.tensor([1])).sum().backward()
    >>> shared.finish_step(rate=1.0)
    >>> table.tolist()
    [[0.0, 0.0], [-0.5, -0.5], [0.0, 0.0]]
    """

    def __init__(self, table: NDArray[np.float32], rate: float = DEFAULT_RATE, head_rate: float = DEFAULT_RATE) -> None:
        check_table(table)
        self.table, self.rate, self.head_rate = table, rate, head_rate
        rows, vector_size = table.shape
        self.embedding = torch.nn.Embedding(rows, vector_size, sparse=True, _weight=torch.from_numpy(table))
        self.rows = Adam(self.embedding.weight, by_row=True)
        self.heads: list[Trained] = []

    def register(self, head: torch.nn.Module, rate: float | None = None) -> Trained:
        """Train a task's head too; the task keeps and saves the returned object."""
        trained = Trained(head, self.head_rate if rate is None else rate)
        self.heads.append(trained)
        return trained

    def parameters(self) -> list[torch.nn.Parameter]:
        """Return the table."""
        return list(self.embedding.parameters())

    def begin_step(self, seed: int) -> None:
        """Do nothing: nothing here is random."""

    def finish_step(self, rate: float, size: float = 1.0) -> None:
        """Apply and drop the gradients of the step, every learning rate times ``rate``, the table's times ``size``."""
        self.rows.step(self.rate * rate * size)
        for trained in self.heads:
            trained.step(rate)

    def trace(self) -> list[NDArray[np.generic]]:
        """Return a copy of the table, and of the rows of its pending gradient that are not zero."""
        return [self.table.copy(), self.layer()]

    def layer(self) -> NDArray[np.float32]:
        """Return the rows of the pending gradient that are not zero, as one vector."""
        gradient = self.embedding.weight.grad
        pending = torch.zeros(0) if gradient is None else moving_rows(gradient)[1]
        found: NDArray[np.float32] = pending.flatten().numpy().copy()
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the live arrays of the table and its optimiser: ``table``, ``.first``, ``.second``, ``.steps``."""
        return self.rows.arrays("table")
