"""The parts of a corpus on disk during encoding: growing files, and a record of their valid lengths."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import ExitStack, suppress
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError, ConfigError
from mt2st.folder_lock import refusing_others
from mt2st.native import Numbers, Places
from mt2st.text.encoding.blocks import Place
from mt2st.text.encoding.disk import read_json, sync, write_json
from mt2st.text.encoding.parts import Part
from mt2st.text.encoding.table import WordTable

PROGRESS = "progress.json"
# Version of the files' format: those of another version are not continued.
FORM = 2
IDS, ENDS, WORDS, COUNTS, MERGED = "ids", "ends", "words", "counts", "merged"
KINDS: dict[str, type[np.generic]] = {IDS: np.int32, ENDS: np.int64, WORDS: np.uint8, COUNTS: np.int64}
# Number of tables whose merged ids are cached while sentences are read.
TABLES = 16


class Extent(NamedTuple):
    """The numbers of ids and sentences of a part, and the number of the table that the ids index."""

    ids: int
    ends: int
    table: int


class Words(NamedTuple):
    """The number of bytes and of words of a table."""

    words: int
    counts: int


class PartStore:
    """Parts and tables of words, concatenated in files; sealed ones survive a later crash.

    Parameters
    ----------
    folder
        Folder of the files; created if missing.
    mark
        The identity of the corpus. Parts of another mark are removed, those sealed under this one are kept.
    memory
        Parts of up to this many bytes in total are not written before they are sealed.

    Attributes
    ----------
    parts, tables
        The sizes of each.
    place, read
        Where the last part ends, see `Block`.
    """

    def __init__(self, folder: Path, mark: Any, memory: int) -> None:
        self._folder, self._mark, self._memory = folder, [FORM, mark], memory
        progress = read_json(folder / PROGRESS)
        if progress.get("mark") != self._mark or not self._holds(*_extents(progress)):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            progress = {"parts": [], "tables": [], "place": Place(), "read": 0}
        self.parts, self.tables = _extents(progress)
        self.place, self.read = Place(*progress["place"]), int(progress["read"])
        self._held: list[tuple[Numbers, Places]] = []
        self._open_tables: list[WordTable] = []
        with ExitStack() as stack:
            self._files = {name: stack.enter_context((folder / name).open("ab")) for name in KINDS}
            for name, size in _sizes(self.parts, self.tables).items():
                self._files[name].truncate(size)
            self._merged = stack.enter_context((folder / MERGED).open("wb"))
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if kind is not None and not (self._folder / PROGRESS).is_file():
            shutil.rmtree(self._folder, ignore_errors=True)  # nothing is sealed to continue from

    def _holds(self, parts: list[Extent], tables: list[Words]) -> bool:
        files = {self._folder / name: size for name, size in _sizes(parts, tables).items()}
        return all(file.is_file() and file.stat().st_size >= size for file, size in files.items())

    def append(self, part: Part) -> None:
        """Add a part at the end; its table's words follow with `write_words`, see `open_tables`."""
        if not any(part.table is table for table in self._open_tables):
            self._open_tables.append(part.table)
        number = next(at for at, table in enumerate(self._open_tables) if table is part.table)
        self.parts.append(Extent(len(part.ids), len(part.ends), len(self.tables) + number))
        self.place, self.read = part.after, part.read
        self._held.append((part.ids, part.ends))
        if sum(ids.nbytes + ends.nbytes for ids, ends in self._held) > self._memory:
            self._write_held()

    def _write_held(self) -> None:
        for ids, ends in self._held:
            self._files[IDS].write(ids.data)
            self._files[ENDS].write(ends.data)
        self._held.clear()

    def open_tables(self) -> list[WordTable]:
        """Return the tables of the parts since the last call, in the order to write their words in."""
        tables, self._open_tables = self._open_tables, []
        return tables

    def write_words(self, words: bytes, counts: Places) -> None:
        """Append the words of a table."""
        self._files[WORDS].write(words)
        self._files[COUNTS].write(counts.data)
        self.tables.append(Words(len(words), len(counts)))

    def seal(self) -> None:
        """Sync all parts and tables so far to disk, so that they survive a crash."""
        self._write_held()
        for file in self._files.values():
            sync(file)
        progress = {"parts": self.parts, "tables": self.tables, "place": self.place, "read": self.read}
        write_json(self._folder / PROGRESS, {"mark": self._mark, **progress})

    def words(self) -> Generator[tuple[bytes, Places]]:
        """Yield the words of each table and their counts."""
        self._flush()
        at = count = 0
        for size in self.tables:
            yield self._array(WORDS, at, size.words).tobytes(), self._array(COUNTS, count, size.counts)
            at, count = at + size.words, count + size.counts

    def sentences(self) -> Generator[tuple[Numbers, Places, Numbers]]:
        """Yield the ids and the sentence ends of each part, and the merged ids of its table's words."""
        self._flush()
        starts = [0, *accumulate(size.counts for size in self.tables)]
        merged = lru_cache(TABLES)(lambda table: self._array(MERGED, starts[table], self.tables[table].counts))
        at = end = 0
        on_disk = len(self.parts) - len(self._held)
        for part in self.parts[:on_disk]:
            yield self._array(IDS, at, part.ids), self._array(ENDS, end, part.ends), merged(part.table)
            at, end = at + part.ids, end + part.ends
        for part, (ids, ends) in zip(self.parts[on_disk:], self._held, strict=True):
            yield ids, ends, merged(part.table)

    def _flush(self) -> None:
        for file in (*self._files.values(), self._merged):
            file.flush()

    def _array(self, name: str, start: int, count: int) -> NDArray[Any]:
        path, kind = self._folder / name, np.dtype(KINDS.get(name, np.int32))
        array = np.fromfile(path, kind, count, offset=start * kind.itemsize)
        if len(array) != count:
            raise CheckpointError(f"{path} was cut short while it was in use: remove {self._folder} and encode again")
        return array

    def write_merged(self, ids: Numbers) -> None:
        """Write the next table's ids in the merged vocabulary."""
        self._merged.write(ids.data)

    def forget_merged(self) -> None:
        """Restart with the first table."""
        self._merged.seek(0)
        self._merged.truncate()


def remove_parts(folder: Path, mark: Any) -> None:
    """Remove leftover parts of a text that is fully encoded; keep those of another text, to continue from."""
    if folder.exists() and read_json(folder / PROGRESS).get("mark") in (None, [FORM, mark]):
        with suppress(ConfigError), refusing_others(folder.parent, "being encoded into", ""):
            shutil.rmtree(folder, ignore_errors=True)


def _extents(progress: dict[str, Any]) -> tuple[list[Extent], list[Words]]:
    return [Extent(*sizes) for sizes in progress["parts"]], [Words(*sizes) for sizes in progress["tables"]]


def _sizes(parts: list[Extent], tables: list[Words]) -> dict[str, int]:
    """Return the number of bytes of each file."""
    ids, ends, _ = np.array([*parts, Extent(0, 0, 0)], np.int64).sum(axis=0).tolist()
    words, counts = np.array([*tables, Words(0, 0)], np.int64).sum(axis=0).tolist()
    totals = {IDS: ids, ENDS: ends, WORDS: words, COUNTS: counts}
    return {name: total * np.dtype(KINDS[name]).itemsize for name, total in totals.items()}
