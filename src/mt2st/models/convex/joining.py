"""Sparse blocks put side by side."""

from __future__ import annotations

from numba import float32, int32, int64, void

from mt2st.native import Floats, Numbers, Places, kernel, read_only


@kernel(void(*map(read_only, (int64, int32, float32)), int64, int64[::1], int32[::1], float32[::1]))
def put_beside(
    ends: Places, ids: Numbers, entries: Floats, shift: int, at: Places, columns: Numbers, values: Floats
) -> None:
    """Write each row of a block behind what stands of it, and let ``at`` point behind that.

    Parameters
    ----------
    ends, ids, entries
        The block: where rows end, (rows + 1,), their columns and what these hold.
    shift
        How many columns stand before the block's.
    at
        Where each row goes on, (rows,).
    columns, values
        All rows.
    """
    for row in range(at.shape[0]):
        for i in range(ends[row], ends[row + 1]):
            columns[at[row]], values[at[row]] = ids[i] + shift, entries[i]
            at[row] += 1
