"""The features that the convex end is fitted to: TF-IDF of words, pairs and n-grams, and means of learned vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.models.columns import TextRows, Weighed
from mt2st.models.columns.columns import weigh
from mt2st.models.convex import SparseRows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from mt2st.estimators.fitting.fitted import Vectors
    from mt2st.estimators.fitting.helpers import Helpers

# The length of the n-grams' block relative to words and pairs: development accuracy is 0.1 to 1 point higher than at 1.
NGRAM_SHARE = np.float32(0.7)


def _matrix(found: Weighed, size: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((found.values, found.columns.ids, found.columns.offsets), (len(found.columns), size))


def column_blocks(texts: TextRows) -> list[Any]:
    """Return the sparse blocks of some texts: words and pairs; n-grams, if used, times ``NGRAM_SHARE``."""
    columns = texts.columns
    found: list[Any] = [_matrix(weigh(texts.words_and_pairs, columns.idf), len(columns))]
    if columns.ngram_idf is not None:
        weighed = weigh(texts.ngrams(), columns.ngram_idf)
        found.append(_matrix(weighed, len(columns.ngram_idf)) * NGRAM_SHARE)
    return found


def text_blocks(texts: TextRows, helpers: Helpers | None, vectors: Vectors | None) -> list[Any]:
    """Return all blocks of some texts: the sparse ones, then the scores of helpers, and document vectors, if any."""
    found = column_blocks(texts)
    if helpers is not None:
        found.append(helpers.scores(found))
    if vectors is not None:
        found.append(vectors.of_texts(texts))
    return found


def join_blocks(blocks: list[Any], shares: list[float], *, occurrences: bool = False) -> SparseRows:
    """Return all blocks side by side, each times its share; the sparse ones as ``occurrences``, or as plain numbers."""
    from scipy.sparse import csr_array

    # A block with share 0 stores no numbers, as zeros would cost as much as others.
    shared = [
        csr_array(block) * share if share else csr_array(block.shape, dtype=block.dtype)
        for block, share in zip(blocks, shares, strict=True)
    ]
    sparse = [block.shape[1] for block in blocks if not isinstance(block, np.ndarray)]
    return SparseRows.of(*shared, occurrences=sum(sparse) if occurrences else 0)
