"""Sums of pairs as records (row, column, value), shuffled: the loops over records."""

from __future__ import annotations

from typing import Any

import numpy as np

from mt2st.native import Numbers, Places, kernel


@kernel(
    "int64(int64, int64[::1], int32[::1], float32[::1], boolean, int32[:,::1], float32[:,::1])",
)
def list_records(
    first: int,
    starts: Places,
    columns: Numbers,
    values: Any,
    symmetric: bool,
    pairs: Numbers,
    weights: Any,
) -> int:
    """Write each entry as a record (row, column, value), both ways if symmetric; return their number.

    ``pairs`` and ``weights`` are views of one array, (records, 3), as integers and as float32. A pair of a word with
    itself is its own mirror image, and counts twice.
    """
    at = 0
    for i in range(starts.shape[0] - 1):
        row = np.int32(first + i)
        for entry in range(starts[i], starts[i + 1]):
            column, value = columns[entry], values[entry]
            pairs[at, 0], pairs[at, 1] = row, column
            weights[at, 2] = value + value if symmetric and row == column else value
            at += 1
            if symmetric and row != column:
                pairs[at, 0], pairs[at, 1] = column, row
                weights[at, 2] = value
                at += 1
    return at


@kernel("void(int32[:,::1], Array(uint32, 1, 'C', True), int64[::1], int32[:,::1])")
def scatter_records(records: Numbers, shards: Any, starts: Places, scattered: Numbers) -> None:
    """Group the records by shard: those of shard s become ``scattered[starts[s]:starts[s + 1]]``."""
    starts[:] = 0
    for shard in shards:
        starts[np.int64(shard) + 1] += 1
    for shard in range(1, starts.shape[0]):
        starts[shard] += starts[shard - 1]
    place = starts[:-1].copy()
    for i in range(shards.shape[0]):
        to = place[shards[i]]
        place[shards[i]] = to + 1
        for k in range(3):
            scattered[to, k] = records[i, k]


@kernel("void(int32[:,::1], Array(int64, 1, 'C', True), int64[::1], int32[::1], int32[::1], int32[::1])")
def group_records(
    records: Numbers, order: Places, place: Places, rows: Numbers, columns: Numbers, values: Numbers
) -> None:
    """Take records in a random order and group them by row, in ascending order.

    ``place``, (words + 1,), is working space; ``values`` holds the bits of float32 numbers.
    """
    place[:] = 0
    for i in range(records.shape[0]):
        place[records[i, 0] + 1] += 1
    for row in range(1, place.shape[0]):
        place[row] += place[row - 1]
    for i in order:
        to = place[records[i, 0]]
        place[records[i, 0]] = to + 1
        rows[to], columns[to], values[to] = records[i, 0], records[i, 1], records[i, 2]
