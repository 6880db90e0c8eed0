"""Held-out rows as new texts would have them.

A labelled text gives each of its words a column. Held out of a fold, it keeps those that no other text has: they weigh
most, say nothing, and leave less of its length to the rest. A new text has no column for such a word, so its score lies
further from 0, and a temperature found on held-out rows as they are makes probabilities too sure, by a third and more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.blocks import join_blocks
from mt2st.models.columns.build import Chosen

Mask = NDArray[np.bool_]


def columns_elsewhere(chosen: Chosen, min_count: int, pair_min_count: int) -> list[Mask]:
    """Return which columns there would be without the labelled texts: of words and pairs; of n-grams, where there are.

    Parameters
    ----------
    chosen
        Columns, and the texts they were chosen from.
    min_count, pair_min_count
        Least occurrences of a word, and of a pair, that no labelled text has.
    """
    columns = chosen.columns
    own = np.bincount(columns.columns(chosen.labelled).ids, minlength=len(columns))
    words, last = len(chosen.counts), len(chosen.counts) + len(chosen.pair_counts)
    found = np.zeros(len(columns), np.bool_)
    found[:words] = chosen.counts - own[:words] >= min_count
    found[words:last] = chosen.pair_counts - own[words:last] >= pair_min_count
    if columns.ngrams is None:
        return [found]
    return [found, columns.ngrams.of_some(np.flatnonzero(found[:words]))]


def as_new_texts(
    blocks: Sequence[Any], shares: Sequence[float], elsewhere: Sequence[Mask]
) -> Callable[[NDArray[np.int64]], Any]:
    """Return what gives the rows of a fold as if training had never had their texts.

    Parameters
    ----------
    blocks, shares
        Of `mt2st.estimators.blocks.join_blocks`.
    elsewhere
        Which columns of the first blocks, the sparse ones, need none of these texts.
    """
    from scipy.sparse import csr_array

    counts = [np.bincount(block.indices, minlength=block.shape[1]) for block, _ in zip(blocks, elsewhere, strict=False)]

    def held_out(rows: NDArray[np.int64]) -> Any:
        parts = [csr_array(block)[rows] for block in blocks]
        for at, (total, known) in enumerate(zip(counts, elsewhere, strict=True)):
            rest = total - np.bincount(parts[at].indices, minlength=len(total))
            parts[at] = _of_length_one(parts[at], known | (rest > 0))
        return join_blocks(parts, list(shares)).matrix()

    return held_out


def _of_length_one(rows: Any, kept: Mask) -> Any:
    """Return rows without the columns that are not kept, each of length 1 again."""
    from scipy.sparse import diags_array

    found = rows.copy()
    found.data = found.data * kept[found.indices]
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(1), np.float64))
    return (diags_array(1 / np.where(lengths > 0, lengths, 1)) @ found).tocsr().astype(np.float32)
