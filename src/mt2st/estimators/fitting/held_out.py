"""Held-out rows as if their texts were new.

Each word of a labelled text has a column. If the text is held out of a fold, the columns of words that no other text
has remain: they have the largest TF-IDF but no learned weight, and leave less of the row's length to the others. A new
text has no column for such a word, so its score is further from 0, and a temperature found on unchanged held-out rows
makes probabilities too confident, by a third and more. It is the same with learned vectors: the vector of a word that
only this text has was trained to be close to this text.
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
    """Return which columns would exist without the labelled texts: of words and pairs, and of n-grams if used.

    Parameters
    ----------
    chosen
        The columns, and the texts from which they were chosen.
    min_count, pair_min_count
        Minimum occurrences, outside the labelled texts, of a word and of a pair.
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
    """The columns and vectors that a held-out text keeps.

    Attributes
    ----------
    elsewhere
        Which columns of the sparse blocks would exist without the labelled texts.
    rows, vectors
        The labelled texts as rows of the shared table, and their vectors; None if there are none.
    """

    elsewhere: Sequence[Mask]
    rows: Ragged | None = None
    vectors: Vectors | None = None

    @classmethod
    def of(cls, elsewhere: Sequence[Mask], texts: TextRows, vectors: Vectors | None) -> Known:
        """Look up the texts' rows."""
        if vectors is None:
            return cls(elsewhere)
        return cls(elsewhere, texts.words_and_pairs.below(len(vectors.table)), vectors)

    def vectors_of(self, texts: NDArray[np.int64], kept: Mask) -> NDArray[np.float32] | None:
        """Return the vectors of some of the texts, computed only from the columns that are kept."""
        if self.vectors is None or self.rows is None:
            return None
        own = self.rows.select(texts)
        return self.vectors.of_rows(own.where(kept[own.ids]))


def as_new_texts(blocks: Sequence[Any], shares: Sequence[float], known: Known) -> Callable[[NDArray[np.int64]], Any]:
    """Return a function that gives the rows of a fold as if training had not had their texts.

    Parameters
    ----------
    blocks, shares
        As in `mt2st.estimators.fitting.blocks.join_blocks`; vectors, if there are any, come last.
    known
        What such texts keep. Blocks that it does not cover are left unchanged.
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
    """Return rows with only the kept columns, each rescaled to its earlier length, as blocks of new texts are."""
    found = rows.copy()
    found.data *= kept[found.indices]
    found.eliminate_zeros()
    before, after = (np.sqrt(row_sums(each.data.astype(np.float64) ** 2, each.indptr)) for each in (rows, found))
    found.data *= np.repeat(before / np.where(after > 0, after, 1), np.diff(found.indptr)).astype(np.float32)
    return found


def row_sums(values: NDArray[np.float64], starts: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum of each row's values, 0 for an empty row.

    Examples
    --------
    >>> row_sums(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 2, 3]))
    array([3., 0., 4.])
    """
    return np.diff(np.concatenate([[0.0], values.cumsum()])[starts])
