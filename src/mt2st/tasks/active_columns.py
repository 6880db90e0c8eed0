"""The columns of a bag classifier's rows that are still trained, copied to compact memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import aligned_zeros
from mt2st.embeddings.kernels.active_bag import active_bag_update, bag_means, bag_shares, put_columns, take_columns
from mt2st.embeddings.table import padded
from mt2st.tasks.labelled import LabelledRows


class ActiveColumns:
    """A copy of the rows that the training examples use, with only the columns that are not frozen.

    The frozen columns of an example's mean are the same at every step, so they are computed once. The others are
    trained contiguous in memory, and `settle` writes them back to the table.

    Parameters
    ----------
    rows
        The table as `whole_rows` returns it, (rows, padded width).
    row_weights
        The weight of each row in a mean, (rows,).
    data
        The training examples.
    size
        The number of columns of the table.
    frozen
        The frozen ones, in ascending order; at least one.

    Examples
    --------
    >>> from mt2st.embeddings import new_table
    >>> from mt2st.embeddings.table import whole_rows
    >>> from mt2st.text import Ragged
    >>> data = LabelledRows(Ragged.from_lists([[0, 7]]), np.array([1], np.int32), ("bad", "good"))
    >>> rows, weights = whole_rows(new_table(9, 4, seed=1)), np.ones(9, np.float32)
    >>> columns = ActiveColumns(rows, weights, data, 4, np.array([1, 2]))
    >>> columns.active.tolist(), columns.rows.tolist(), columns.own.shape[0]
    ([0, 3], [0, 7], 2)
    """

    def __init__(
        self,
        rows: NDArray[np.float32],
        row_weights: NDArray[np.float32],
        data: LabelledRows,
        size: int,
        frozen: NDArray[np.int64],
    ) -> None:
        self.table, self.data, self.frozen = rows, data, frozen
        self.active = np.setdiff1d(np.arange(size), frozen).astype(np.uint32)
        self.columns = np.concatenate([self.active, frozen, [size]]).astype(np.uint32)
        used = np.zeros(len(rows), bool)
        used[data.rows.ids] = True
        self.rows = np.flatnonzero(used).astype(np.uint32)
        self.ids = (np.cumsum(used) - 1)[data.rows.ids].astype(np.int32)
        self.shares = np.empty(len(self.ids), np.float32)
        bag_shares(row_weights, data.rows.ids, data.rows.offsets, self.shares)
        self.own = self._take(self.active)
        self.frozen_means = aligned_zeros(len(data), padded(len(frozen)))
        bag_means(self._take(frozen.astype(np.uint32)), self.shares, self.ids, data.rows.offsets, self.frozen_means)
        self._settled = True

    def update(
        self,
        head: NDArray[np.float32],
        examples: NDArray[np.int64],
        head_rate: np.float32,
        table_rate: np.float32,
        stop_at_bad: bool,
    ) -> tuple[float, int, int]:
        """Train on ``examples``; return the sum of the losses, their number, and the number that were not finite."""
        self._settled = False
        result: tuple[float, int, int] = active_bag_update(
            self.own,
            self.shares,
            head,
            self.columns,
            len(self.active),
            self.frozen_means,
            self.ids,
            self.data.rows.offsets,
            self.data.labels,
            examples,
            head_rate,
            table_rate,
            stop_at_bad,
        )
        return result

    def settle(self) -> None:
        """Write the trained columns back to the table, unless that has been done."""
        if not self._settled:
            put_columns(self.own, self.rows, self.active, self.table)
            self._settled = True

    def _take(self, columns: NDArray[np.uint32]) -> NDArray[np.float32]:
        own = aligned_zeros(len(self.rows), padded(len(columns)))
        take_columns(self.table, self.rows, columns, own)
        return own
