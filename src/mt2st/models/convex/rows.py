"""The rows that a regression is fitted to, stored by columns or as inner products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.block_code import OUTPUTS
from mt2st.models.convex.dual import begin_rows, dual_ascent, gram_ascent
from mt2st.models.convex.evidence import column_variances
from mt2st.models.convex.joining import put_beside
from mt2st.models.convex.outputs import Apart, Block, Blocks, OneOutput, Outputs, multipliers
from mt2st.text import Ragged

Doubles = NDArray[np.float64]
# More outputs than these are solved in blocks.
APART = 3


class Rows(Protocol):
    """Rows x for dual coordinate ascent."""

    def __len__(self) -> int: ...

    def outputs(self, signs: Doubles, sample_weight: Doubles, logits: Doubles) -> Outputs:
        """Return the outputs of a regression with these signs and weights of examples, (rows, outputs), and cost 1.

        They begin from the multipliers of these logits, which are not changed, see `Outputs.logits`.
        """
        ...

    def matrix(self) -> Any:
        """Return the matrix whose product with a solution is the rows' scores."""
        ...


@dataclass(frozen=True)
class SparseRows:
    """Rows of a sparse matrix; a column of ones for the bias comes last. A solution is the columns' weights.

    Attributes
    ----------
    columns
        Each row's columns.
    values
        Their values, float32, as many as ``columns.ids``.
    size
        The number of columns.
    occurrences
        The number of first columns that stand for occurrences in a row, see `column_variances`.
    """

    columns: Ragged
    values: NDArray[np.float32]
    size: int
    occurrences: int = 0

    @classmethod
    def of(cls, *matrices: object, occurrences: int = 0) -> SparseRows:
        """Return the rows of dense or sparse matrices, each (rows, columns), side by side and followed by ones.

        SciPy's ``hstack`` makes coordinates of all entries, which takes many times as long.
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

    def outputs(self, signs: Doubles, sample_weight: Doubles, logits: Doubles) -> Outputs:
        """Return outputs solved by columns: one by one if there are few, else up to sixteen at once."""
        if signs.shape[1] > APART:
            parts = [slice(first, first + OUTPUTS) for first in range(0, signs.shape[1], OUTPUTS)]
            return Blocks(
                [self._block(signs[:, own], sample_weight[:, own], logits[:, own], own.start) for own in parts]
            )
        deviations = np.sqrt(self._variances(signs, sample_weight))
        begun = np.ascontiguousarray(multipliers(sample_weight * signs, logits).T)
        ascents, weights = zip(*map(self._begin, deviations, begun), strict=True)
        return outputs_apart(ascents, np.array(weights), signs, sample_weight, logits, deviations)

    def _block(self, signs: Doubles, sample_weight: Doubles, logits: Doubles, seed: int) -> Block:
        rows = self.columns.ids, self.columns.offsets, self.values
        return Block(*rows, self._variances(signs, sample_weight), signs, sample_weight, logits, seed)

    def _variances(self, signs: Doubles, sample_weight: Doubles) -> NDArray[np.float32]:
        outputs = zip(np.ascontiguousarray(signs.T), np.ascontiguousarray(sample_weight.T), strict=True)
        return np.array([column_variances(self, sign, count) for sign, count in outputs])

    def _begin(self, deviations: NDArray[np.float32], begun: Doubles) -> tuple[Callable[..., int], Doubles]:
        """Return the ascent on columns times their deviations, and its first weights by the multipliers ``begun``."""
        rows = self.columns.ids, self.columns.offsets
        scaled, squares, weights = np.empty_like(self.values), np.empty(len(self)), np.zeros(self.size)
        begin_rows(*rows, self.values, deviations, begun, scaled, squares, weights)
        return partial(dual_ascent, *rows, scaled, squares), weights

    def matrix(self) -> Any:
        """Return SciPy's matrix of the same rows."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.columns.ids, self.columns.offsets), (len(self), self.size))

    def scores(self, weights: Doubles) -> Doubles:
        """Return the rows times weights of shape (columns, classes)."""
        found: Doubles = self.matrix() @ weights
        return found


@dataclass(frozen=True)
class Gram:
    """The inner products of rows, (rows, rows): with few long rows, ascent is faster with these than with columns.

    A solution is the rows' multipliers; ``rows.matrix().T`` times these gives the weights of columns.
    """

    products: NDArray[np.float32]

    @classmethod
    def of(cls, products: Sequence[NDArray[np.float32]], shares: Sequence[float]) -> Gram:
        """Return the inner products of rows of several blocks, each times its share, and a column of ones.

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

    def outputs(self, signs: Doubles, sample_weight: Doubles, logits: Doubles) -> Outputs:
        """Return outputs solved by products, in which all columns have the same variance."""
        ascent = partial(gram_ascent, self.products, self.products.diagonal().astype(np.float64))
        scores = multipliers(sample_weight * signs, logits).T @ self.products
        return outputs_apart(repeat(ascent), scores, signs, sample_weight, logits, repeat(None))

    def matrix(self) -> NDArray[np.float32]:
        """Return the products."""
        return self.products


def outputs_apart(
    ascents: Iterable[Callable[..., int]],
    states: Doubles,
    signs: Doubles,
    sample_weight: Doubles,
    logits: Doubles,
    deviations: Iterable[NDArray[np.float32] | None],
) -> Apart:
    """Return outputs that are solved one by one, see `OneOutput`; their states are (outputs, ...)."""
    examples = (each.T.copy() for each in (signs, sample_weight, logits))
    own = zip(ascents, np.ascontiguousarray(states), *examples, range(len(states)), deviations, strict=False)
    return Apart([OneOutput(*each) for each in own])
