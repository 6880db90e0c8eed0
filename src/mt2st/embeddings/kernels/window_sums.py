"""Running sums over a block of words: windows' means, and the changes that windows make, in a few row operations."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import int64, types, uint64, void

from mt2st.embeddings.kernels.draws import draw_reach
from mt2st.embeddings.kernels.memory import BEGIN, END, TABLES, WORD, Tables
from mt2st.embeddings.kernels.rows import add, address, clear, gather_change, sum_rows, window_mean
from mt2st.native import Places, kernel


class Lines(NamedTuple):
    """Addresses of a block's working rows.

    Attributes
    ----------
    sums, changes
        Running sums of input rows, and differences of windows' changes to words: one line more than there are words.
    own
        The change that a word's own window makes to the others.
    means, running
        Means of two windows; one line for a sum.
    """

    sums: int
    changes: int
    own: int
    means: int
    running: int


LINES = types.NamedUniTuple(int64, 5, Lines)


@kernel(LINES(int64, int64, int64), inner=True)
def lines_at(first: int, most: int, width: int) -> Lines:
    """Return the lines of blocks of less than ``most`` words in ``3 * most + 3`` rows from the address ``first`` on."""
    changes, own = first + most * width, first + 2 * most * width
    return Lines(first, changes, own, own + most * width, own + (most + 2) * width)


@kernel(void(TABLES, int64[:, ::1], int64, int64, LINES, int64[::1]), inner=True)
def gather_sums(tables: Tables, words: Places, start: int, stop: int, lines: Lines, rows_before: Places) -> None:
    """Write the running sums of the rows of the words ``start`` to ``stop``, and of their numbers of rows.

    Sums restart with each sentence, so that values that are not finite do not spread; the first line is zeros.
    """
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    for i in range(start, stop):
        word, after = words[i, WORD], lines.sums + (i - start + 1) * width
        here = lines.sums if i == words[i, BEGIN] else lines.sums + (i - start) * width
        size = np.int64(1)
        if row_offsets.shape[0] == 0:
            add((here, table + word * width, after), width)
        else:
            low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
            sum_rows(table, address(rows) + low * 4, size, np.float32(1), after, width)
            add((here, after, after), width)
        rows_before[i - start + 1] = rows_before[i - start] + size


@kernel(void(TABLES, int64[:, ::1], int64, int64, LINES), inner=True)
def scatter_changes(tables: Tables, words: Places, start: int, stop: int, lines: Lines) -> None:
    """Add to each word's rows the changes of the windows that contain it, except its own; clear both lists."""
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    clear((lines.running,), width)
    for i in range(start, stop):
        word, change = words[i, WORD], lines.own + (i - start) * width
        gather_change((lines.running, lines.changes + (i - start) * width, change), width)
        if row_offsets.shape[0] == 0:
            row = table + word * width
            add((row, change, row), width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                row = table + rows[place] * width
                add((row, change, row), width)
        clear((change,), width)
    clear((lines.changes + (stop - start) * width,), width)


@kernel(void(int64[:, ::1], int64, int64, int64, int64, uint64, LINES, int64[::1], int64[:, ::1]), inner=True)
def write_mean(
    words: Places,
    i: int,
    low: int,
    width: int,
    window: int,
    key: np.uint64,
    lines: Lines,
    rows_before: Places,
    edges: Places,
) -> None:
    """Write the mean of word i's window, and its ends, from ``low`` on, to ``edges[i % 2]``."""
    reach, begin, here = draw_reach(key, i, window), max(words[i, BEGIN], low) - low, i - low
    first, last = max(begin, here - reach), min(words[i, END] - low, here + reach + 1)
    edges[i % 2, 0], edges[i % 2, 1] = first, last
    number = rows_before[last] - rows_before[first] - rows_before[here + 1] + rows_before[here]
    # At the start of the sentence the sum is zero, as the first line is.
    before = 0 if first == begin else first
    left = 0 if here == begin else here
    sums, mean = lines.sums, lines.means + (i % 2) * width
    parts = (sums + before * width, sums + left * width, sums + (here + 1) * width, sums + last * width, mean)
    window_mean(parts, np.float32(1) / np.float32(number), width)
