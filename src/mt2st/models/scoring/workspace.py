"""The workspace of one call of compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.scoring import names as at


class Workspace:
    """Scratch memory, and a list of the addresses of a model's arrays and of this memory.

    Parameters
    ----------
    arrays, sizes
        Those of a model, in the order of `mt2st.models.scoring.names`.
    ngram_idf, ngram_weights
        Those of its n-grams, which are copied.

    Attributes
    ----------
    where
        The address of the list.
    ends, out
        The ends of texts, (`CHUNK`,), and their scores, (`CHUNK`, outputs).
    first
        The score of the first text, (1, outputs).
    """

    def __init__(
        self,
        arrays: Sequence[NDArray[Any]],
        sizes: NDArray[np.int64],
        ngram_idf: NDArray[np.float32],
        ngram_weights: NDArray[np.float32],
    ) -> None:
        columns, outputs = int(sizes[at.COLUMNS]), int(sizes[at.OUTPUTS])
        rows = np.concatenate([np.zeros_like(ngram_idf)[:, None], ngram_idf[:, None], ngram_weights], 1)
        # One place more than there are n-grams, as each is written before it is known whether it was met before.
        met = np.empty(columns, np.int32), np.empty(len(rows) + 1, np.int32)
        scratch = [np.zeros(columns, np.int32), met[0], rows, met[1], *np.empty((2, outputs), np.float32)]
        tokens = [*np.empty((2, at.BLOCK), np.int64), np.empty(at.BLOCK, np.uint64), *np.empty((2, at.BLOCK), np.int64)]
        self.ends, self.out = np.zeros(at.CHUNK, np.int64), np.empty((at.CHUNK, outputs))
        self.first = self.out[:1]
        self._arrays = [*arrays, sizes, *scratch, np.empty(at.TOGETHER, np.int32), *tokens, self.ends, self.out]
        self._addresses = np.array([array.ctypes.data for array in self._arrays], np.uint64)
        self.where = self._addresses.ctypes.data
