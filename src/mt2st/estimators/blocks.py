"""The rows that the convex end is fitted to: TF-IDF of words, pairs and n-grams, and the means of learned vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.joint import Joint, shared_rows
from mt2st.estimators.probe import scaled, scales
from mt2st.models.columns import Numbered, TextColumns, Weighed
from mt2st.models.columns.columns import weigh
from mt2st.models.columns.vectors import mean_vectors
from mt2st.models.convex import SparseRows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from mt2st.estimators.helpers import Helpers

# What n-grams count beside words and pairs, of length 1: development accuracy rises by 0.1 to 1 point against 1.
NGRAM_SHARE = np.float32(0.7)


@dataclass(frozen=True)
class Vectors:
    """Documents' vectors.

    Attributes
    ----------
    table, row_weights
        Of `Joint`.
    mean, scale
        Of each dimension, see `mt2st.estimators.probe.scales`.
    """

    table: NDArray[np.float32]
    row_weights: NDArray[np.float32]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, joint: Joint, columns: TextColumns, numbered: Numbered) -> Vectors:
        """Scale the vectors by those of some texts."""
        rows = shared_rows(columns.columns(numbered), len(joint.table))
        return cls(joint.table, joint.row_weights, *scales(mean_vectors(rows, joint.table, joint.row_weights)))

    def of_texts(self, columns: TextColumns, numbered: Numbered) -> NDArray[np.float32]:
        """Return the vector of each text, (texts, vector_size), of length 1 on the mean."""
        rows = shared_rows(columns.columns(numbered), len(self.table))
        return scaled(mean_vectors(rows, self.table, self.row_weights), self.mean, self.scale)


def _matrix(found: Weighed, size: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((found.values, found.columns.ids, found.columns.offsets), (len(found.columns), size))


def column_blocks(columns: TextColumns, numbered: Numbered) -> list[Any]:
    """Return the sparse blocks of some texts: words and pairs; n-grams times their share, where there are."""
    found: list[Any] = [_matrix(weigh(columns.columns(numbered), columns.idf), len(columns))]
    if columns.ngram_idf is not None:
        weighed = weigh(columns.ngram_columns(numbered), columns.ngram_idf)
        found.append(_matrix(weighed, len(columns.ngram_idf)) * NGRAM_SHARE)
    return found


def text_blocks(
    columns: TextColumns, numbered: Numbered, helpers: Helpers | None, vectors: Vectors | None
) -> list[Any]:
    """Return all blocks of some texts: the sparse ones; what helpers say, and vectors, where there are."""
    found = column_blocks(columns, numbered)
    if helpers is not None:
        found.append(helpers.say(found))
    if vectors is not None:
        found.append(vectors.of_texts(columns, numbered))
    return found


def join_blocks(blocks: list[Any], shares: list[float]) -> SparseRows:
    """Return all blocks side by side, each times its share."""
    from scipy.sparse import csr_array, hstack

    return SparseRows.of(hstack([csr_array(block) * share for block, share in zip(blocks, shares, strict=True)]))
