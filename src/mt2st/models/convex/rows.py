"""Rows that a regression is fitted to: sparse, with a column of ones for the bias behind the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.joining import put_beside
from mt2st.text import Ragged

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class SparseRows:
    """Rows of a sparse matrix; a column of ones for the bias comes last.

    Attributes
    ----------
    columns
        Each row's columns.
    values
        What they hold, float32, as many as ``columns.ids``.
    size
        How many columns there are.
    occurrences
        So many of the first columns say that something occurs in a row, see `column_scales`.
    shared
        So many of the last columns before the bias may count a share of what they hold.
    """

    columns: Ragged
    values: NDArray[np.float32]
    size: int
    occurrences: int = 0
    shared: int = 0

    @classmethod
    def of(cls, *matrices: object, occurrences: int = 0, shared: int = 0) -> SparseRows:
        """Return the rows of dense or sparse matrices side by side, each (rows, columns), with ones behind them.

        SciPy's ``hstack`` goes by the coordinates of all entries, which takes many times as long.
        """
        from scipy.sparse import csr_array

        blocks = [csr_array(matrix) for matrix in matrices]
        offsets = np.append(0, np.cumsum(sum(np.diff(block.indptr) for block in blocks) + 1, dtype=np.int64))
        columns, values = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.float32)
        at, size = offsets[:-1].copy(), 0
        for block in blocks:
            ends, ids = block.indptr.astype(np.int64, copy=False), block.indices.astype(np.int32, copy=False)
            put_beside(ends, ids, block.data.astype(np.float32, copy=False), size, at, columns, values)
            size += block.shape[1]
        columns[at], values[at] = size, 1
        return cls(Ragged(columns, offsets), values, size + 1, occurrences, shared)

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def squares(self) -> Doubles:
        """The rows' squared lengths, (rows,)."""
        return np.add.reduceat(self.values.astype(np.float64) ** 2, self.columns.offsets[:-1])

    @property
    def shared_columns(self) -> slice:
        """The columns that may count a share."""
        return slice(self.size - 1 - self.shared, self.size - 1)

    def matrix(self) -> Any:
        """Return SciPy's matrix of the same rows."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.columns.ids, self.columns.offsets), (len(self), self.size))

    def scaled(self, scales: NDArray[np.float32]) -> SparseRows:
        """Return the rows with each column multiplied by its scale, (columns,), and without those that are then 0."""
        factors = scales[self.columns.ids]
        if factors.all():
            return SparseRows(self.columns, self.values * factors, self.size, self.occurrences, self.shared)
        kept = factors != 0
        values = self.values[kept] * factors[kept]
        return SparseRows(self.columns.where(kept), values, self.size, self.occurrences, self.shared)

    def some(self, chosen: NDArray[np.int64]) -> SparseRows:
        """Return some of the rows."""
        places, ends = self.columns.places(chosen), np.append(0, np.cumsum(self.columns.lengths[chosen]))
        columns = Ragged(self.columns.ids[places], ends.astype(np.int64))
        return SparseRows(columns, self.values[places], self.size, self.occurrences, self.shared)

    def sum_of(self, multipliers: Doubles) -> Doubles:
        """Return the sum of the rows, each times its multiplier, (columns,)."""
        return np.asarray(multipliers @ self.matrix(), np.float64)

    def scores(self, weights: Doubles) -> Doubles:
        """Return the rows times weights of shape (columns, classes)."""
        found: Doubles = self.matrix() @ weights
        return found
