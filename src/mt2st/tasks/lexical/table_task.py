"""A lexical task that updates the shared table itself, as the native kernels do, with any encoder on top of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.row_sparse import moving_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.table import TorchTable
    from mt2st.tasks.pytorch.differentiable import DifferentiableTask
    from mt2st.tasks.task import Outcome

TABLE = "table"


class TableTask:
    """Learn a word list with its own Adam optimiser on the rows of the shared table.

    Adam changes a parameter by about its rate, whatever factor the loss has, so that a small weight on the loss would
    have no effect on rows that no other task changes: here the weight multiplies the *rate*. As that change does not
    depend on the size of the vectors either, the rate is relative to the root mean square of the rows in the batch.

    Parameters
    ----------
    shared
        The rows of the words, and the rate, relative to the vectors' size.
    make
        Makes the task on these, for instance ``lambda shared: OffsetTask("offset", shared, quadruples, sampler)``.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.table import TorchTable
    >>> from mt2st.tasks import Sampler
    >>> from mt2st.tasks.lexical.offset import OffsetTask
    >>> table, sampler = np.array([[0, 1], [1, 1], [0, 4], [3, 4]], np.float32), Sampler(1, 1, 1, seed=1, name="offset")
    >>> size = np.sqrt(np.mean(table**2))
    >>> quadruple = np.array([[0, 1, 2, 3]])
    >>> task = TableTask(TorchTable(table, rate=0.1), lambda shared: OffsetTask("o", shared, quadruple, sampler))
    >>> round(task.learn(sampler.draw(), weight=0.5, rate=1.0).loss, 4)
    -0.9216
    >>> bool(np.isclose(3 - table[3, 0], 0.5 * 0.1 * size, rtol=1e-4))
    True
    """

    def __init__(self, shared: TorchTable, make: Callable[[TorchTable], DifferentiableTask]) -> None:
        self.shared, self.task = shared, make(shared)
        self.name, self.sampler, self.table = self.task.name, self.task.sampler, shared.table

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Take a step of ``weight * rate`` times the task's own rate.

        A batch without a gradient, such as one without three pairs of any list, counts as having no loss.
        """
        outcome = self.task.learn(batch, 1.0, rate)
        if not outcome.terms:
            return outcome
        size = self._size()
        self.shared.finish_step(rate * weight, size)
        return outcome if size else replace(outcome, loss=0.0, terms=0)

    def _size(self) -> float:
        """Return the root mean square of the rows that have a gradient, 0 if none has."""
        weight = self.shared.embedding.weight
        if weight.grad is None:
            return 0.0
        with torch.no_grad():
            rows = weight[moving_rows(weight.grad)[0]]
            return float(rows.square().mean().sqrt()) if len(rows) else 0.0

    def path_fault(self) -> str:
        """Return the likely cause of a loss that does not reach the table."""
        return self.task.path_fault()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the optimiser's state of the rows, and the head's parameters: the live arrays."""
        state = {name: array for name, array in self.shared.arrays().items() if name != TABLE}
        return {**state, **self.task.arrays()}
