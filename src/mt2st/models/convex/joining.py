"""Joining sparse blocks side by side."""

from __future__ import annotations

from numba import float32, int32, int64, void

from mt2st.native import Floats, Numbers, Places, kernel, read_only


@kernel(void(*map(read_only, (int64, int32, float32)), int64, int64[::1], int32[::1], float32[::1]))
def put_beside(
    ends: Places, ids: Numbers, entries: Floats, shift: int, at: Places, columns: Numbers, values: Floats
) -> None:
    """Append each row of a block to the row written so far, and advance ``at``.

    Parameters
    ----------
    ends, ids, entries
        The block: offsets of rows, (rows + 1,), their columns and values.
    shift
        The number of columns before the block's.
    at
        The position at which each row continues, (rows,).
    columns, values
        All joined rows.
    """
    for row in range(at.shape[0]):
        for i in range(ends[row], ends[row + 1]):
            columns[at[row]], values[at[row]] = ids[i] + shift, entries[i]
            at[row] += 1
