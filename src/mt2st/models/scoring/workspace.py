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
    end, end_where, out, out_where
        Arrays for the end of one text and its scores, (1,) and (1, outputs), and their addresses.
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
        scratch = [np.zeros(columns, np.int32), met[0], rows, met[1], np.empty(outputs, np.float32)]
        ahead = [np.empty(at.TOGETHER, np.int32), np.empty((at.FIELDS, at.BLOCK), np.int64)]
        self._arrays = [*arrays, *scratch, *ahead]
        self._addresses = np.array([array.ctypes.data for array in self._arrays], np.uint64)
        self.where = self._addresses.ctypes.data
        self.end, self.out = np.zeros(1, np.int64), np.empty((1, outputs), np.float32)
        self.end_where, self.out_where = self.end.ctypes.data, self.out.ctypes.data
