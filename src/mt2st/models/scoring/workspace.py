"""What one call of compiled code needs for itself."""

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
        Of a model, in the order of `mt2st.models.scoring.names`.

    Attributes
    ----------
    where
        The address of the list.
    end, end_where, out, out_where
        Room for the end of one text and for its scores, (1,) and (1, outputs), and their addresses.
    """

    def __init__(self, arrays: Sequence[NDArray[Any]], sizes: NDArray[np.int64]) -> None:
        columns, ngrams, outputs = (int(sizes[place]) for place in (at.COLUMNS, at.NGRAMS, at.OUTPUTS))
        scratch = [np.zeros(columns, np.int32), np.empty(columns, np.int32)]
        scratch += [np.zeros(ngrams, np.int32), np.empty(ngrams, np.int32)]
        self._arrays = [*arrays, *scratch, np.empty(outputs, np.float32), np.empty(at.MOST, np.int32)]
        self._addresses = np.array([array.ctypes.data for array in self._arrays], np.uint64)
        self.where = self._addresses.ctypes.data
        self.end, self.out = np.zeros(1, np.int64), np.empty((1, outputs), np.float32)
        self.end_where, self.out_where = self.end.ctypes.data, self.out.ctypes.data
