"""Word co-occurrence counts, the training data of GloVe."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.cooccurrence.runs import PairCounter, merged_rows, most_entries
from mt2st.embeddings.cooccurrence.shuffle import COLUMNS, Shuffler, shard_count
from mt2st.embeddings.kernels.cooccurrence import LARGEST_WINDOW, MOST_WORDS
from mt2st.errors import ConfigError, DataError
from mt2st.text import Ragged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Records = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]

LEAST_MEMORY = 1 << 20

# Entries to sort into shards at a time: few enough for the cache, enough for runs worth a write.
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Cooccurrences:
    """The non-zero entries x_ij of the co-occurrence matrix, in random order on disk.

    Each record is assigned to a random shard, so that a shard is a fair sample of all records. Within a shard of at
    most about 65,536, the records of a row are adjacent, in a random order of their columns: a row is then fetched from
    memory once per shard instead of once per record.

    Attributes
    ----------
    rows, columns
        Word ids i and j, int32, shape (records,), memory-mapped.
    values
        x_ij, float32, shape (records,), memory-mapped.
    folder
        The folder of ``rows.npy``, ``columns.npy`` and ``values.npy``.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Cooccurrences:
        """Return the records that `count_cooccurrences` wrote to a folder; anything else is a `DataError`."""
        try:
            found = [np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name, _ in COLUMNS]
        except (OSError, ValueError, EOFError) as error:
            raise DataError(f"the co-occurrences cannot be read ({error}): count them again", path=folder) from error
        if any(
            array.dtype != dtype or array.shape != (len(found[0]),)
            for array, (_, dtype) in zip(found, COLUMNS, strict=True)
        ):
            shapes = ", ".join(f"{array.dtype} {array.shape}" for array in found)
            raise DataError(f"int32, int32 and float32 of one length are expected, {shapes} found", path=folder)
        rows, columns, values = found
        return cls(rows, columns, values, folder)

    def __len__(self) -> int:
        return len(self.rows)

    def read(self, start: int, stop: int) -> Records:
        """Return records [start, stop) in memory: rows, columns and values.

        Unlike a slice of the memory maps, no page of the files stays charged to this process.
        """
        count = max(min(stop, len(self)) - start, 0)
        arrays: Any = (self.rows, self.columns, self.values)
        rows, columns, values = (
            np.fromfile(self.folder / f"{name}.npy", dtype, count, offset=array.offset + 4 * start)
            for (name, dtype), array in zip(COLUMNS, arrays, strict=True)
        )
        return rows, columns, values


def pair_weights(window: int, distance_weighting: bool) -> NDArray[np.float64]:
    """Return the weight of a pair at each distance, shape (window + 1,).

    Examples
    --------
    >>> pair_weights(4, True)[1:].round(3), pair_weights(2, False)[1:]
    (array([1.   , 0.5  , 0.333, 0.25 ]), array([1., 1.]))
    """
    distances = np.arange(window + 1, dtype=np.float64)
    distances[0] = 1.0
    return 1.0 / distances if distance_weighting else np.ones(window + 1)


def count_cooccurrences(
    shards: Iterable[Ragged],
    words: int,
    folder: Path,
    *,
    window: int = 10,
    symmetric: bool = True,
    distance_weighting: bool = True,
    memory: int = 1 << 30,
    seed: int = 0,
    workers: int = 1,
    shard_records: int = 65_536,
    on_progress: Callable[[int], None] | None = None,
) -> Cooccurrences:
    """Count how often words occur within a window of each other, and write the records to a folder.

    Two words of a sentence at distance d of at most ``window`` add 1/d to ``x[left, right]`` and, where symmetric, as
    much to ``x[right, left]``; two occurrences of one word then add 2/d, as in Stanford's program.

    Parameters
    ----------
    shards
        Sentences of word ids, each shard mapped or loaded when needed. Ids should be in descending order of frequency.
    words
        Size of the vocabulary; all ids are below it.
    folder
        The output folder, created if missing. During counting it also holds scratch files, about 12 bytes per record.
    window
        Number of context words on either side, 1 to 255.
    symmetric, distance_weighting
        Whether to count the right context as well as the left, and whether to weight pairs by 1/d.
    memory
        Working memory in bytes, besides about 40 for each word and the current shard.
    seed
        Seed of the records' order.
    workers
        Threads to count with; they share the memory. Values can differ by one float32 rounding from one worker's.
    shard_records
        Number of records of a shard, grouped by row; smaller shards are closer to a full shuffle, but slower to train.
    on_progress
        Called with the number of words counted so far.

    Raises
    ------
    ConfigError
        If a setting is out of range.
    DataError
        If an id is not below ``words``, or no two words co-occur.

    Notes
    -----
    Sums are float64 in memory and rounded to float32 once in each run on disk and once at the end: relative errors are
    at most about 1e-7. J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation",
    2014.

    Examples
    --------
    >>> with TemporaryDirectory() as place:
    ...     found = count_cooccurrences([Ragged.from_lists([[0, 1, 2]])], words=3, folder=Path(place))
    ...     sorted(zip(found.rows.tolist(), found.columns.tolist(), found.values.tolist()))
    [(0, 1, 1.0), (0, 2, 0.5), (1, 0, 1.0), (1, 2, 1.0), (2, 0, 0.5), (2, 1, 1.0)]
    """
    check_settings(words, window, memory, workers, shard_records)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="counting-") as scratch:
        weights = pair_weights(window, distance_weighting)
        counters = [
            PairCounter(words, Path(scratch) / str(i), weights, symmetric, memory // workers) for i in range(workers)
        ]
        count_shards(counters, shards, words, on_progress)
        head, runs = gather_counters(counters)
        most = int(most_entries(words, head, runs).sum()) * (2 if symmetric else 1)
        if not most:
            raise DataError(f"no two words stand within {window} words of each other: give sentences of two words up")
        shuffler = Shuffler(words, Path(scratch) / "records", shard_count(most, shard_records), seed)
        shuffler.scatter(merged_rows(words, head, runs, limit=min(memory // 64, BLOCK)), symmetric)
        shuffler.write(folder)
    return Cooccurrences.open(folder)


def check_settings(words: int, window: int, memory: int, workers: int, shard_records: int) -> None:
    """Raise `ConfigError` if a setting is out of range."""
    if not 1 <= window <= LARGEST_WINDOW:
        raise ConfigError(f"window must be 1 to {LARGEST_WINDOW}: {window} found")
    if not 1 <= words <= MOST_WORDS:
        raise ConfigError(f"words must be 1 to {MOST_WORDS}: {words} found")
    if workers < 1 or shard_records < 1:
        raise ConfigError(f"workers and shard_records must be at least 1: {workers} and {shard_records} found")
    if memory < LEAST_MEMORY * workers:
        raise ConfigError(f"memory is in bytes and at least {LEAST_MEMORY} a worker: {memory} found")


def count_shards(
    counters: list[PairCounter], shards: Iterable[Ragged], words: int, on_progress: Callable[[int], None] | None
) -> None:
    """Count all shards, each split evenly among the counters, one thread per counter."""
    done = 0
    with ThreadPoolExecutor(len(counters)) as pool:
        for shard in shards:
            shard.check_below(words, "co-occurrences")
            parts = split_evenly(shard, len(counters))
            list(pool.map(lambda counter, part: counter.add(part), counters, parts))
            done += len(shard.ids)
            if on_progress:
                on_progress(done)


def split_evenly(text: Ragged, parts: int) -> list[Ragged]:
    """Return the sentences in consecutive parts of about as many words each.

    Examples
    --------
    >>> [part.ids.tolist() for part in split_evenly(Ragged.from_lists([[1, 2, 3], [4], [5, 6]]), 2)]
    [[1, 2, 3], [4, 5, 6]]
    """
    targets = len(text.ids) * np.arange(parts + 1) // parts
    cuts = np.searchsorted(text.offsets[:-1], targets)
    cuts[0], cuts[-1] = 0, len(text)
    found = []
    for first, last in pairwise(cuts):
        offsets = np.asarray(text.offsets[first : last + 1])
        found.append(Ragged(text.ids[offsets[0] : offsets[-1]], offsets - offsets[0]))
    return found


def gather_counters(counters: list[PairCounter]) -> tuple[NDArray[np.float64], list[Path]]:
    """Return the sum of the counters' heads and all their runs; free their working memory."""
    head = counters[0].head
    for counter in counters[1:]:
        head += counter.head
    runs = list(chain.from_iterable(counter.runs for counter in counters))
    counters.clear()
    return head, runs
