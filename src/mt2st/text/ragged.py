"""Rows of unequal length in two flat arrays, for kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mt2st.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LARGEST = np.iinfo(np.int32).max


class Ragged:
    """Row i is ``ids[offsets[i]:offsets[i + 1]]``.

    Parameters
    ----------
    ids
        All rows, concatenated, int32, shape (total,).
    offsets
        The start of each row, and the total at the end, int64, shape (rows + 1,).

    Raises
    ------
    DataError
        If the offsets do not rise from 0 to the number of ids.

    Examples
    --------
    >>> rows = Ragged.from_lists([[4, 7], [], [1]])
    >>> rows.ids, rows.offsets
    (array([4, 7, 1], dtype=int32), array([0, 2, 2, 3]))
    >>> len(rows), rows.row(0), rows.lengths
    (3, array([4, 7], dtype=int32), array([2, 0, 1]))
    """

    def __init__(self, ids: NDArray[np.int32], offsets: NDArray[np.int64]) -> None:
        if ids.dtype != np.int32 or offsets.dtype != np.int64 or ids.ndim != 1 or offsets.ndim != 1:
            found = f"{ids.dtype} {ids.shape} and {offsets.dtype} {offsets.shape}"
            raise DataError(f"flat int32 ids and int64 offsets are expected, {found} found: use Ragged.from_lists")
        if not len(offsets) or offsets[0] != 0 or offsets[-1] != len(ids) or (np.diff(offsets) < 0).any():
            raise DataError(f"offsets must rise from 0 to the {len(ids)} ids there are: use Ragged.from_lists")
        self.ids, self.offsets = ids, offsets

    @classmethod
    def from_lists(cls, rows: Iterable[Sequence[int] | NDArray[np.integer]]) -> Ragged:
        """Return these rows; an id that is not an integer within int32 is a `DataError`."""
        kept = list(rows)
        offsets = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in kept], out=offsets[1:])
        filled = [np.asarray(row) for row in kept if len(row)]
        ids = np.concatenate(filled) if filled else np.empty(0, dtype=np.int32)
        if ids.dtype.kind not in "iu" or (ids.size and (ids.max() > LARGEST or ids.min() < -LARGEST)):
            raise DataError(f"ids must be whole numbers within {LARGEST}: {ids.dtype} found")
        return cls(ids.astype(np.int32, copy=False), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, i: int) -> NDArray[np.int32]:
        """Return row i, a view; an i outside the rows is an `IndexError`."""
        at = range(len(self))[i]
        return self.ids[self.offsets[at] : self.offsets[at + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The length of every row, shape (rows,)."""
        return np.diff(self.offsets)

    def select(self, places: NDArray[np.int64]) -> Ragged:
        """Return some of the rows, in the order of ``places``."""
        return Ragged.from_lists([self.row(int(place)) for place in places])

    def below(self, limit: int) -> Ragged:
        """Return the rows with only the ids below a limit.

        Examples
        --------
        >>> Ragged.from_lists([[0, 5], [7]]).below(6).offsets
        array([0, 2, 2])
        """
        return self.where(self.ids < limit)

    def where(self, kept: NDArray[np.bool_]) -> Ragged:
        """Return the rows with only the entries where ``kept``, (total,), is True."""
        places = np.flatnonzero(kept)
        return Ragged(self.ids[places], np.searchsorted(places, self.offsets))

    def without_first(self) -> Ragged:
        """Return the rows without their first entry; each must have one.

        Examples
        --------
        >>> Ragged.from_lists([[4, 7], [1]]).without_first().row(0)
        array([7], dtype=int32)
        """
        kept = np.ones(len(self.ids), np.bool_)
        kept[self.offsets[:-1]] = False
        return Ragged(self.ids[kept], self.offsets - np.arange(len(self.offsets)))

    def places(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the indices of the entries of some rows, concatenated, (entries,).

        Examples
        --------
        >>> Ragged.from_lists([[4, 7], [], [1]]).places(np.array([2, 0]))
        array([2, 0, 1])
        """
        starts = self.offsets[chosen]
        lengths = self.offsets[chosen + 1] - starts
        before = np.cumsum(lengths) - lengths
        found: NDArray[np.int64] = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        return found

    def size_of(self, places: NDArray[np.int64]) -> int:
        """Return the total number of entries of some rows."""
        return int((self.offsets[places + 1] - self.offsets[places]).sum())

    def check_below(self, limit: int, what: str) -> None:
        """Raise `DataError` if an id is not a row of a table, beyond which compiled code would read and write."""
        if len(self.ids) and not 0 <= int(self.ids.min()) <= int(self.ids.max()) < limit:
            raise DataError(f"{what}: ids must lie in 0 to {limit - 1}, found {self.ids.min()} to {self.ids.max()}")
