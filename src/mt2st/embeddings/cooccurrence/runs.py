"""Counting a text's pairs within bounded memory: a dense head, and runs on disk for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mt2st.embeddings.kernels.cooccurrence import gather_pairs, group_events, merge_rows, sum_events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from mt2st.text import Ragged

# Number of words in the head: a square matrix of float64, 128 MiB, that holds most pairs of running text.
MOST_HEAD = 4096
PARTS = ("starts", "columns", "values")


@dataclass(frozen=True, slots=True)
class Rows:
    """Neighbouring rows of the matrix.

    Attributes
    ----------
    first
        The first row; the i-th after it is ``columns[starts[i]:starts[i + 1]]``, with ``values`` beside it.
    starts, columns, values
        Shapes (rows + 1,), (entries,) and (entries,).
    """

    first: int
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]


class PairCounter:
    """Counts word pairs in a dense head, and the other pairs in runs, written to disk whenever memory is full.

    Parameters
    ----------
    words
        Size of the vocabulary; ids are in descending order of frequency.
    folder
        Created, for the runs.
    weights
        (window + 1,): the weight of a pair at each distance.
    symmetric
        Whether a pair and its mirror image are counted as one, stored with row >= column.
    memory
        Bytes: at most a quarter for the head, the rest for pairs outside it and their sorted copy.
    """

    def __init__(self, words: int, folder: Path, weights: NDArray[np.float64], symmetric: bool, memory: int) -> None:
        self.words, self.folder, self.weights, self.symmetric = words, folder, weights, symmetric
        folder.mkdir()
        size = min(words, MOST_HEAD, int((memory / 32) ** 0.5))
        self.head = np.zeros((size, size), np.float64)
        room = (memory - self.head.nbytes) // 16
        self.events, self.grouped = np.empty(room, np.uint64), np.empty(room, np.uint64)
        self.runs: list[Path] = []

    def add(self, text: Ragged) -> None:
        """Count the pairs of these sentences, whose ids must be below ``words``."""
        ids, offsets, sentence, word = np.asarray(text.ids), np.asarray(text.offsets), 0, 0
        window = len(self.weights) - 1
        while sentence < len(text):
            sentence, word, filled = gather_pairs(
                ids, offsets, sentence, word, window, self.symmetric, self.weights, self.head, self.events
            )
            if filled:
                self.spill(filled)

    def spill(self, filled: int) -> None:
        """Write the sums of the first events as a run."""
        starts = np.empty(self.words + 1, np.int64)
        group_events(self.events[:filled], starts, self.grouped)
        # The events are no longer needed: reuse their memory for the sums.
        columns, values = (
            self.events.view(np.int32)[: len(self.events)],
            self.events.view(np.float32)[len(self.events) :],
        )
        total = sum_events(self.grouped, starts, self.weights, columns, values)
        run = self.folder / f"run-{len(self.runs)}"
        found: list[NDArray[np.generic]] = [starts, columns[:total], values[:total]]
        for part, array in zip(PARTS, found, strict=True):
            np.save(f"{run}-{part}.npy", array, allow_pickle=False)
        self.runs.append(run)


def most_entries(words: int, head: NDArray[np.float64], runs: list[Path]) -> NDArray[np.int64]:
    """Return the maximum number of entries of each row, shape (words,)."""
    found = np.zeros(words, np.int64)
    found[: len(head)] = np.count_nonzero(head, axis=1)
    for run in runs:
        found += np.diff(np.load(f"{run}-starts.npy", mmap_mode="r", allow_pickle=False))
    return np.minimum(found, words)


def merged_rows(words: int, head: NDArray[np.float64], runs: list[Path], limit: int) -> Iterator[Rows]:
    """Yield all rows in turn, summed over head and runs, about ``limit`` entries at a time (one row at least)."""
    opened = [[np.load(f"{run}-{part}.npy", mmap_mode="r", allow_pickle=False) for part in PARTS] for run in runs]
    sums, seen = np.zeros(words, np.float64), np.empty(words, np.int32)
    most = most_entries(words, head, runs)
    for first, last in blocks_of(most, limit):
        room, starts = int(most[first:last].sum()), np.empty(last - first + 1, np.int64)
        columns, values = np.empty(room, np.int32), np.empty(room, np.float32)
        total = merge_rows(first, head, *join_rows(opened, first, last), sums, seen, starts, columns, values)
        yield Rows(first, starts, columns[:total], values[:total])


def join_rows(
    runs: list[list[NDArray[np.generic]]], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return the offsets of each run's rows [first, last), (runs, rows + 1), and the rows of all runs, concatenated."""
    bounds, at = np.zeros((len(runs), last - first + 1), np.int64), 0
    columns, values = [np.empty(0, np.int32)], [np.empty(0, np.float32)]
    for place, (starts, run_columns, run_values) in zip(bounds, runs, strict=True):
        rows = np.asarray(starts[first : last + 1], np.int64)
        place[:] = rows - rows[0] + at
        at = int(place[-1])
        columns.append(np.asarray(run_columns[rows[0] : rows[-1]], np.int32))
        values.append(np.asarray(run_values[rows[0] : rows[-1]], np.float32))
    return bounds, np.concatenate(columns), np.concatenate(values)


def blocks_of(sizes: NDArray[np.int64], limit: int) -> Iterator[tuple[int, int]]:
    """Yield [first, last) of neighbouring items whose sizes sum to at most ``limit``, or of one that is larger.

    Examples
    --------
    >>> list(blocks_of(np.array([3, 4, 9, 1, 1]), limit=8))
    [(0, 2), (2, 3), (3, 5)]
    """
    ends, first = np.cumsum(sizes), 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + limit, side="right")))
        yield first, last
        first = last
