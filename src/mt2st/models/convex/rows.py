"""What a regression is fitted to: rows by their columns, or by their products with each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.dual import dual_ascent, gram_ascent
from mt2st.models.convex.evidence import column_variances
from mt2st.models.convex.joining import put_beside
from mt2st.text import Ragged

Doubles = NDArray[np.float64]


class Rows(Protocol):
    """Rows x that dual coordinate ascent can go over.

    It has multipliers a, of which w is ``sum(a * x)``, and keeps up a state that is linear in them.
    """

    def __len__(self) -> int: ...

    def variances(self, signs: Doubles, counts: Doubles) -> NDArray[np.float32]:
        """Return how much what the state holds may vary, a row for each output of signs and counts (rows, outputs)."""
        ...

    def ascent(self, variances: NDArray[np.float32]) -> Callable[..., int]:
        """Return what solves for one output: `mt2st.models.convex.dual.dual_ascent`, or another, from ``signs`` on."""
        ...

    def matrix(self) -> Any:
        """Return what solutions are multiplied with to give the rows' scores."""
        ...

    def begin(self, multipliers: Doubles) -> Doubles:
        """Return the state, a row for each output, that belongs to multipliers of shape (outputs, rows)."""
        ...

    def solution(self, state: Doubles, multipliers: Doubles) -> Doubles:
        """Return what gives scores, (columns of `matrix`, outputs)."""
        ...


@dataclass(frozen=True)
class SparseRows:
    """Rows of a sparse matrix; a column of ones for the bias comes last. A solution is the columns' weights.

    Attributes
    ----------
    columns
        Each row's columns.
    values
        What they hold, float32, as many as ``columns.ids``.
    size
        How many columns there are.
    occurrences
        So many of the first columns say that something occurs in a row, see `column_variances`.
    """

    columns: Ragged
    values: NDArray[np.float32]
    size: int
    occurrences: int = 0

    @classmethod
    def of(cls, *matrices: object, occurrences: int = 0) -> SparseRows:
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
        return cls(Ragged(columns, offsets), values, size + 1, occurrences)

    def __len__(self) -> int:
        return len(self.columns)

    def variances(self, signs: Doubles, counts: Doubles) -> NDArray[np.float32]:
        """Return those of the columns, (outputs, columns)."""
        outputs = zip(np.ascontiguousarray(signs.T), np.ascontiguousarray(counts.T), strict=True)
        return np.array([column_variances(self, sign, count) for sign, count in outputs])

    def ascent(self, variances: NDArray[np.float32]) -> Callable[..., int]:
        """Go over rows by their columns."""
        squares = np.square(self.values, dtype=np.float64) * variances[self.columns.ids]
        lengths = np.add.reduceat(squares, self.columns.offsets[:-1])
        return partial(dual_ascent, self.columns.ids, self.columns.offsets, self.values, variances, lengths)

    def matrix(self) -> Any:
        """Return SciPy's matrix of the same rows."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.columns.ids, self.columns.offsets), (len(self), self.size))

    def begin(self, multipliers: Doubles) -> Doubles:
        """Return the weights, were all variances 1."""
        return np.ascontiguousarray(multipliers @ self.matrix(), np.float64)

    def solution(self, state: Doubles, multipliers: Doubles) -> Doubles:  # noqa: ARG002
        """Return the weights."""
        return state.T.copy()

    def scores(self, weights: Doubles) -> Doubles:
        """Return the rows times weights of shape (columns, classes)."""
        found: Doubles = self.matrix() @ weights
        return found


@dataclass(frozen=True)
class Gram:
    """The products of rows with each other, (rows, rows): of few long rows they are sooner gone over than columns.

    A solution is the rows' multipliers; ``rows.matrix().T`` times them are the weights of columns.
    """

    products: NDArray[np.float32]

    @classmethod
    def of(cls, products: Sequence[NDArray[np.float32]], shares: Sequence[float]) -> Gram:
        """Return the products of rows of several blocks, each times its share, and of a column of ones.

        Examples
        --------
        >>> Gram.of([np.eye(2, dtype=np.float32)], [0.5]).products
        array([[1.25, 1.  ],
               [1.  , 1.25]], dtype=float32)
        """
        total = np.ones_like(products[0])
        for each, share in zip(products, shares, strict=True):
            total += np.float32(share**2) * each
        return cls(total)

    def __len__(self) -> int:
        return len(self.products)

    def variances(self, signs: Doubles, counts: Doubles) -> NDArray[np.float32]:  # noqa: ARG002
        """Return 1 for all scores of an output, (outputs, 1): products are of rows as they are."""
        return np.ones((signs.shape[1], 1), np.float32)

    def ascent(self, variances: NDArray[np.float32]) -> Callable[..., int]:  # noqa: ARG002
        """Go over rows by their products."""
        return partial(gram_ascent, self.products, self.products.diagonal().astype(np.float64))

    def matrix(self) -> NDArray[np.float32]:
        """Return the products."""
        return self.products

    def begin(self, multipliers: Doubles) -> Doubles:
        """Return the scores."""
        return np.ascontiguousarray(multipliers @ self.products)

    def solution(self, state: Doubles, multipliers: Doubles) -> Doubles:  # noqa: ARG002
        """Return the multipliers."""
        return multipliers.T.copy()
