"""Held-out rows as new texts would have them.

A labelled text gives each of its words a column. Held out of a fold, it keeps those that no other text has: they weigh
most, say nothing, and leave less of its length to the rest. A new text has no column for such a word, so its score lies
further from 0, and a temperature found on held-out rows as they are makes probabilities too sure, by a third and more.
Of learned vectors the same holds: that of a word which this text alone has was trained to lie near this text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.blocks import join_blocks
from mt2st.estimators.fitting.fitted import Vectors
from mt2st.models.columns import TextRows
from mt2st.models.columns.build import Chosen
from mt2st.text import Ragged

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
    own = np.bincount(chosen.labelled.words_and_pairs.ids, minlength=len(columns))
    words, last = len(chosen.counts), len(chosen.counts) + len(chosen.pair_counts)
    found = np.zeros(len(columns), np.bool_)
    found[:words] = chosen.counts - own[:words] >= min_count
    found[words:last] = chosen.pair_counts - own[words:last] >= pair_min_count
    if columns.ngrams is None:
        return [found]
    return [found, columns.ngrams.of_some(np.flatnonzero(found[:words]))]


@dataclass(frozen=True)
class Known:
    """What a held-out text keeps.

    Attributes
    ----------
    elsewhere
        Which columns of the sparse blocks need none of the labelled texts.
    rows, vectors
        The labelled texts as rows of the shared table, and their vectors; None where there are none.
    """

    elsewhere: Sequence[Mask]
    rows: Ragged | None = None
    vectors: Vectors | None = None

    @classmethod
    def of(cls, elsewhere: Sequence[Mask], texts: TextRows, vectors: Vectors | None) -> Known:
        """Find the texts' rows."""
        if vectors is None:
            return cls(elsewhere)
        return cls(elsewhere, texts.words_and_pairs.below(len(vectors.table)), vectors)

    def vectors_of(self, texts: NDArray[np.int64], kept: Mask) -> NDArray[np.float32] | None:
        """Return the vectors of some of the texts by the columns that are kept alone."""
        if self.vectors is None or self.rows is None:
            return None
        own = self.rows.select(texts)
        return self.vectors.of_rows(own.where(kept[own.ids]))


def as_new_texts(blocks: Sequence[Any], shares: Sequence[float], known: Known) -> Callable[[NDArray[np.int64]], Any]:
    """Return what gives the rows of a fold as if training had never had their texts.

    Parameters
    ----------
    blocks, shares
        Of `mt2st.estimators.fitting.blocks.join_blocks`; vectors last, where there are any.
    known
        What such texts keep. Blocks that it does not tell of stay as they are.
    """
    from scipy.sparse import csr_array

    sparse = list(zip(blocks, known.elsewhere, strict=False))
    counts = [np.bincount(block.indices, minlength=block.shape[1]) for block, _ in sparse]

    def held_out(rows: NDArray[np.int64]) -> Any:
        parts, kept = [csr_array(block)[rows] for block in blocks], list[Mask]()
        for at, (total, elsewhere) in enumerate(zip(counts, known.elsewhere, strict=True)):
            rest = total - np.bincount(parts[at].indices, minlength=len(total))
            kept.append(elsewhere | (rest > 0))
            parts[at] = _without(parts[at], kept[at])
        vectors = known.vectors_of(rows, kept[0]) if kept else None
        if vectors is not None:
            parts[-1] = csr_array(vectors)
        return join_blocks(parts, list(shares)).matrix()

    return held_out


def _without(rows: Any, kept: Mask) -> Any:
    """Return rows without the columns that are not kept, each as long as it was: what new texts' blocks are."""
    found = rows.copy()
    found.data *= kept[found.indices]
    found.eliminate_zeros()
    before, after = (np.sqrt(row_sums(each.data.astype(np.float64) ** 2, each.indptr)) for each in (rows, found))
    found.data *= np.repeat(before / np.where(after > 0, after, 1), np.diff(found.indptr)).astype(np.float32)
    return found


def row_sums(values: NDArray[np.float64], starts: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum of each row's values, 0 of an empty one.

    Examples
    --------
    >>> row_sums(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 2, 3]))
    array([3., 0., 4.])
    """
    return np.diff(np.concatenate([[0.0], values.cumsum()])[starts])
