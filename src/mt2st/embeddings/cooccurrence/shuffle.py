"""Putting records in random order on disk, with memory for a part of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.embeddings.kernels.cooccurrence_records import group_records, list_records, scatter_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from mt2st.embeddings.cooccurrence.runs import Rows

COLUMNS: tuple[tuple[str, Any], ...] = (("rows", np.int32), ("columns", np.int32), ("values", np.float32))
RECORD_BYTES = 12
LEAST_SHARDS = 64


class Shuffler:
    """Assigns each record to a random shard, then gathers each shard.

    Records draw their shards independently, and a shard's records are taken in random order, so each is a fair sample
    of all. Within a shard, the records of a row are then grouped (see `Cooccurrences`).

    Parameters
    ----------
    words
        Size of the vocabulary.
    scratch
        File for the scattered records; `write` does not delete it.
    shards
        Number of shards.
    seed
        The same seed gives the same order.
    """

    def __init__(self, words: int, scratch: Path, shards: int, seed: int) -> None:
        self.words, self.scratch, self.shards = words, scratch, shards
        self.random = np.random.Generator(np.random.Philox(key=seed))
        self.bounds: list[NDArray[np.int64]] = []
        self.records = 0

    def scatter(self, blocks: Iterable[Rows], symmetric: bool) -> None:
        """Write the records of these rows to the scratch file, each block sorted by random shards."""
        with self.scratch.open("wb") as file:
            for block in blocks:
                most = (2 if symmetric else 1) * len(block.columns)
                pairs = np.empty((most, 3), np.int32)
                weights = pairs.view(np.float32)
                total = list_records(block.first, block.starts, block.columns, block.values, symmetric, pairs, weights)
                starts, scattered = np.empty(self.shards + 1, np.int64), np.empty((total, 3), np.int32)
                drawn = self.random.integers(0, self.shards, total, np.uint32)
                scatter_records(pairs[:total], drawn, starts, scattered)
                file.write(scattered.data)
                self.bounds.append(self.records + starts)
                self.records += total

    def write(self, folder: Path) -> None:
        """Write all shards, one after the other, as three arrays."""
        files = {
            name: np.lib.format.open_memmap(folder / f"{name}.npy", "w+", dtype, (self.records,)).offset
            for name, dtype in COLUMNS
        }
        opened = [(folder / f"{name}.npy").open("r+b") for name in files]
        for file, offset in zip(opened, files.values(), strict=True):
            file.seek(offset)
        for shard in self.gathered():
            for file, array in zip(opened, self.grouped(shard), strict=True):
                file.write(array.data)
        for file in opened:
            file.close()

    def gathered(self) -> Iterator[NDArray[np.int32]]:
        """Yield the records of each shard, (records, 3)."""
        with self.scratch.open("rb") as file:
            for shard in range(self.shards):
                spans = [(int(bounds[shard]), int(bounds[shard + 1])) for bounds in self.bounds]
                found, at = np.empty((sum(end - start for start, end in spans), 3), np.int32), 0
                for start, end in spans:
                    file.seek(start * RECORD_BYTES)
                    file.readinto(found[at : at + end - start].data)
                    at += end - start
                yield found

    def grouped(self, records: NDArray[np.int32]) -> list[NDArray[np.int32]]:
        """Return the rows, columns and values of a shard's records in their final order."""
        found = [np.empty(len(records), np.int32) for _ in COLUMNS]
        place = np.empty(self.words + 1, np.int64)
        group_records(records, self.random.permutation(len(records)), place, *found)
        return found


def shard_count(most_records: int, shard_records: int) -> int:
    """Return the number of shards for ``most_records`` of about ``shard_records`` each, at least `LEAST_SHARDS`.

    Examples
    --------
    >>> shard_count(1_000_000, 1_000), shard_count(10, 1_000)
    (1000, 64)
    """
    return max(LEAST_SHARDS, -(-most_records // shard_records))
