"""The changes that this rank has made to an array since all ranks had the same values."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Floats, Places, kernel
from mt2st.training.ranks.rows import Rows


@kernel("int64(float32[:, :], float32[:, :], int64[::1])")
def changed_rows(now: Floats, before: Floats, places: Places) -> int:
    """Write the indices of the rows that differ to ``places``, (rows,), and return their number."""
    count = 0
    for row in range(now.shape[0]):
        new, old = now[row], before[row]
        differ = 0
        for i in range(new.shape[0]):
            differ += new[i] != old[i]
        if differ:
            places[count] = row
            count += 1
    return count


class Changes:
    """The changes of one array that kernels train in place.

    Parameters
    ----------
    array
        The live array, (rows, width), or (rows,) for rows of one number.

    Examples
    --------
    >>> array = np.zeros((4, 2), np.float32)
    >>> changes = Changes(array)
    >>> array[2] += 1
    >>> changes.own()
    Rows(numbers=array([2], dtype=int32), values=array([[1., 1.]], dtype=float32))
    >>> changes.settle([changes.own(), Rows(np.array([0, 2], np.int32), np.full((2, 2), 5, np.float32))])
    >>> array.tolist()
    [[5.0, 5.0], [0.0, 0.0], [6.0, 6.0], [0.0, 0.0]]
    """

    def __init__(self, array: NDArray[np.float32]) -> None:
        self.array = array if array.ndim == 2 else array[:, None]
        self.before = self.array.copy()
        self._places = np.empty(len(array), np.int64)

    def own(self) -> Rows:
        """Return the rows that this rank has changed, with the differences."""
        places = self._places[: changed_rows(self.array, self.before, self._places)]
        return Rows(places.astype(np.int32), self.array[places] - self.before[places])

    def settle(self, everyone: Iterable[Rows]) -> None:
        """Add the changes of all ranks, in the order of ranks, to the common values, so that results are bit-equal."""
        everyone = list(everyone)
        for numbers, values in everyone:
            self.before[numbers] += values
        for numbers, _ in everyone:
            self.array[numbers] = self.before[numbers]
