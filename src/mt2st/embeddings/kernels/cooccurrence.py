"""Counting word co-occurrences: the loops over pairs of words.

A pair outside the dense head is packed into one integer, an event: 28 bits of row, 28 of column, 8 of distance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, Places, kernel

Doubles = NDArray[np.float64]
Events = NDArray[np.uint64]

LARGEST_WINDOW = 255
MOST_WORDS = 1 << 28


@kernel("uint64(int64, int64, int64)", inline="always")
def as_event(row: Any, column: Any, distance: int) -> Any:
    """Pack a pair and its distance."""
    return (np.uint64(row) << np.uint64(36)) | (np.uint64(column) << np.uint64(8)) | np.uint64(distance)


@kernel("int64(uint64)", inline="always")
def row_of(event: np.uint64) -> Any:
    """Return the row of an event."""
    return np.int64(event >> np.uint64(36))


@kernel("int64(uint64)", inline="always")
def column_of(event: np.uint64) -> Any:
    """Return the column of an event."""
    return np.int64((event >> np.uint64(8)) & np.uint64(0xFFFFFFF))


@kernel("int64(uint64)", inline="always")
def distance_of(event: np.uint64) -> Any:
    """Return the distance of an event's two words."""
    return np.int64(event & np.uint64(0xFF))


@kernel(
    "Tuple((int64, int64, int64))(Array(int32, 1, 'C', True), Array(int64, 1, 'C', True), int64, int64, int64,"
    " boolean, float64[::1], float64[:,::1], uint64[::1])"
)
def gather_pairs(
    ids: Numbers,
    offsets: Places,
    sentence: int,
    word: int,
    window: int,
    symmetric: bool,
    weights: Doubles,
    head: Doubles,
    events: Events,
) -> tuple[int, int, int]:
    """Count the pairs from ``word`` of ``sentence`` on until the text ends or the events are full.

    A pair's row is its left word and its column the right one; if the context is symmetric, only the half of the
    matrix with row >= column is counted. Pairs of frequent words (both ids within the head) are summed at once.

    Parameters
    ----------
    ids, offsets
        Sentence s is ``ids[offsets[s]:offsets[s + 1]]``.
    weights
        (window + 1,): the weight of a pair at each distance.
    head
        (n, n): sums of the pairs of the n most frequent words, added to in place.
    events
        Filled from its start with the other pairs.

    Returns
    -------
    The sentence and word to continue from, and the number of events.
    """
    filled = 0
    while sentence < offsets.shape[0] - 1:
        start = offsets[sentence]
        for right in range(max(word, start), offsets[sentence + 1]):
            if filled + window > events.shape[0]:
                return sentence, right, filled
            for left in range(max(start, right - window), right):
                row, column = np.int64(ids[left]), np.int64(ids[right])
                if symmetric and row < column:
                    row, column = column, row
                if row < head.shape[0] and column < head.shape[0]:
                    head[row, column] += weights[right - left]
                else:
                    events[filled] = as_event(row, column, right - left)
                    filled += 1
        sentence += 1
    return sentence, word, filled


@kernel("void(uint64[::1], int64[::1], uint64[::1])")
def group_events(events: Events, starts: Places, grouped: Events) -> None:
    """Group the events by row: those of row r become ``grouped[starts[r]:starts[r + 1]]``."""
    starts[:] = 0
    for event in events:
        starts[row_of(event) + 1] += 1
    for row in range(1, starts.shape[0]):
        starts[row] += starts[row - 1]
    place = starts[:-1].copy()
    for event in events:
        row = row_of(event)
        grouped[place[row]] = event
        place[row] += 1


@kernel("int64(float64[::1], int32[::1], int64, int32[::1], float32[::1], int64)", inline="always")
def write_row(sums: Doubles, seen: Numbers, count: int, columns: Numbers, values: Any, at: int) -> Any:
    """Write one row's sums from index ``at`` on and clear them; return the index after the last."""
    for i in range(count):
        column = seen[i]
        columns[at + i] = column
        values[at + i] = np.float32(sums[column])
        sums[column] = 0.0
    return at + count


@kernel("int64(uint64[::1], int64[::1], float64[::1], int32[::1], float32[::1])")
def sum_events(grouped: Events, starts: Places, weights: Doubles, columns: Numbers, values: Any) -> int:
    """Add up the events of each pair; ``starts`` becomes that of the sums. Return the number of sums.

    A row's sums are collected in a vector of the vocabulary's size, so that nothing needs sorting.
    """
    words = starts.shape[0] - 1
    sums, seen, at = np.zeros(words, np.float64), np.empty(words, np.int32), 0
    for row in range(words):
        count = 0
        for i in range(starts[row], starts[row + 1]):
            column = column_of(grouped[i])
            if sums[column] == 0.0:
                seen[count] = column
                count += 1
            sums[column] += weights[distance_of(grouped[i])]
        starts[row] = at
        at = write_row(sums, seen, count, columns, values, at)
    starts[words] = at
    return at


@kernel(
    "int64(int64, float64[:,::1], int64[:,::1], int32[::1], float32[::1], float64[::1], int32[::1], int64[::1],"
    " int32[::1], float32[::1])"
)
def merge_rows(
    first: int,
    head: Doubles,
    bounds: Places,
    columns: Numbers,
    values: Any,
    sums: Doubles,
    seen: Numbers,
    starts: Places,
    merged_columns: Numbers,
    merged_values: Any,
) -> int:
    """Add up some rows over the dense head and all runs.

    Parameters
    ----------
    first
        Index of the first of these rows in the whole matrix.
    head
        The dense head's sums, (n, n).
    bounds
        (runs, rows + 1): run u's entries of the i-th row are ``columns[bounds[u, i]:bounds[u, i + 1]]``.
    sums, seen
        (words,) each: working space, ``sums`` zero before and after.
    starts, merged_columns, merged_values
        Written: the i-th row is ``merged_columns[starts[i]:starts[i + 1]]``.

    Returns
    -------
    The total number of entries of the rows.
    """
    at = 0
    for i in range(bounds.shape[1] - 1):
        count, row = 0, first + i
        if row < head.shape[0]:
            for column in range(head.shape[0]):
                if head[row, column] != 0.0:
                    sums[column] = head[row, column]
                    seen[count] = column
                    count += 1
        for run in range(bounds.shape[0]):
            for entry in range(bounds[run, i], bounds[run, i + 1]):
                place = np.int64(columns[entry])
                if sums[place] == 0.0:
                    seen[count] = place
                    count += 1
                sums[place] += np.float64(values[entry])
        starts[i] = at
        at = write_row(sums, seen, count, merged_columns, merged_values, at)
    starts[bounds.shape[1] - 1] = at
    return at
