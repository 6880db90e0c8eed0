"""Rows of all blocks side by side, stored as columns or as inner products, whichever is faster to fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.blocks import join_blocks
from mt2st.estimators.fitting.held_out import Known, as_new_texts
from mt2st.models.convex import Gram, Rows

# Above so many rows there are too many products. An entry of a row takes about ENTRY times as long as a product.
MOST_ROWS, ENTRY = 1000, 8
# With so few texts, the number of occurrences says too little about how far to trust a word: all are treated equally.
FEW = 1000


def by_products(rows: int, entries: int) -> bool:
    """Return whether rows, with so many entries in all, are faster to fit by their products: if few and long.

    Examples
    --------
    >>> by_products(1000, 200_000), by_products(1001, 200_000), by_products(1000, 100_000)
    (True, False, False)
    """
    return rows <= MOST_ROWS and entries * ENTRY > rows**2


@dataclass(frozen=True)
class SideBySide:
    """The blocks of some texts, with that of the vectors times a share.

    Attributes
    ----------
    blocks
        The blocks; with ``vectors``, the last is that of the vectors.
    products
        The inner products of each block's rows; empty if columns are faster.
    """

    blocks: list[Any]
    vectors: bool
    products: list[NDArray[np.float32]]

    @classmethod
    def of(cls, blocks: list[Any], *, vectors: bool) -> SideBySide:
        """Choose between columns and products."""
        entries = sum(block.size for block in blocks)  # of sparse blocks, only stored entries
        few = by_products(blocks[0].shape[0], entries)
        return cls(blocks, vectors, list(map(row_products, blocks)) if few else [])

    def shares(self, share: float) -> list[float]:
        """Return the share of each block."""
        return [*[1.0] * (len(self.blocks) - self.vectors), *[share] * self.vectors]

    def rows(self, share: float) -> Rows:
        """Return the rows."""
        shares = self.shares(share)
        if self.products:
            return Gram.of(self.products, shares)
        return join_blocks(self.blocks, shares, occurrences=self.blocks[0].shape[0] > FEW)

    def as_new(self, share: float, known: Known) -> Callable[[NDArray[np.int64]], Any]:
        """Return a function for `cross_validate` that gives rows of a fold as if training had not had their texts."""
        later = as_new_texts(self.blocks, self.shares(share), known)
        if not self.products:
            return later
        columns = join_blocks(self.blocks, self.shares(share)).matrix()
        return lambda held_out: Products(later(held_out), columns)

    def weights(self, share: float, solution: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights of the blocks' unscaled columns, and of the bias."""
        if self.products:
            solution = join_blocks(self.blocks, self.shares(share)).matrix().T @ solution
        if self.vectors:
            solution[-1 - self.blocks[-1].shape[1] : -1] *= share
        return solution


@dataclass(frozen=True)
class Products:
    """The inner products of some rows with others, as a lazy product of matrices.

    Attributes
    ----------
    rows, others
        Sparse matrices with the same columns.
    """

    rows: Any
    others: Any

    def __matmul__(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rows' scores for weights of the others, (rows, outputs)."""
        return np.asarray(self.rows @ (self.others.T @ weights))


def row_products(block: Any) -> NDArray[np.float32]:
    """Return the inner products of the rows of a sparse or dense block."""
    found = block @ block.T
    return np.asarray(found if isinstance(found, np.ndarray) else found.toarray(), np.float32)
