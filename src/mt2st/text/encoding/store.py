"""The parts of a corpus on disk while it is encoded: files that grow, and a record of how far they are good."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.blocks import Place
from mt2st.text.encoding.disk import read_json, sync, write_json
from mt2st.text.encoding.parts import Part

PROGRESS = "progress.json"
IDS, ENDS, WORDS, COUNTS, MERGED = "ids", "ends", "words", "counts", "merged"
KINDS: dict[str, type[np.generic]] = {IDS: np.int32, ENDS: np.int64, WORDS: np.uint8, COUNTS: np.int64}


class Extent(NamedTuple):
    """The numbers that a part has in each file: ids, ends, bytes of words, counts."""

    ids: int
    ends: int
    words: int
    counts: int


class PartStore:
    """Parts one after another in four files; what is sealed survives a crash at any later moment.

    Parameters
    ----------
    folder
        Where the files are; made where it is missing.
    mark
        What the parts are of. Parts of another mark are removed, those sealed under this one are taken up.

    Attributes
    ----------
    extents
        The size of each part.
    place, read
        Where the last sealed part ends, see `Block`.
    """

    def __init__(self, folder: Path, mark: Any) -> None:
        self._folder, self._mark = folder, mark
        progress = read_json(folder / PROGRESS)
        if progress.get("mark") != mark or not self._holds([Extent(*sizes) for sizes in progress["parts"]]):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            progress = {"parts": [], "place": Place(), "read": 0}
        self.extents = [Extent(*sizes) for sizes in progress["parts"]]
        self.place, self.read = Place(*progress["place"]), int(progress["read"])
        with ExitStack() as stack:
            self._files = {name: stack.enter_context((folder / name).open("ab")) for name in KINDS}
            for name, size in zip(KINDS, self._sizes(self.extents), strict=True):
                self._files[name].truncate(size)
            self._merged = stack.enter_context((folder / MERGED).open("wb"))
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @staticmethod
    def _sizes(extents: list[Extent]) -> list[int]:
        totals = np.array([*extents, Extent(0, 0, 0, 0)], np.int64).sum(axis=0)
        return [int(total) * np.dtype(kind).itemsize for total, kind in zip(totals, KINDS.values(), strict=True)]

    def _holds(self, extents: list[Extent]) -> bool:
        files = [self._folder / name for name in KINDS]
        return all(
            file.is_file() and file.stat().st_size >= size
            for file, size in zip(files, self._sizes(extents), strict=True)
        )

    def append(self, part: Part) -> None:
        """Write a part at the end."""
        words = np.frombuffer(part.words, np.uint8)
        arrays: tuple[NDArray[Any], ...] = (part.ids, part.ends, words, part.counts)
        for name, array in zip(KINDS, arrays, strict=True):
            self._files[name].write(array.data)
        self.extents.append(Extent(len(part.ids), len(part.ends), len(words), len(part.counts)))
        self.place, self.read = part.after, part.read

    def seal(self) -> None:
        """Make sure that all parts so far survive."""
        for file in self._files.values():
            sync(file)
        progress = {"mark": self._mark, "parts": self.extents, "place": self.place, "read": self.read}
        write_json(self._folder / PROGRESS, progress)

    def words(self) -> Generator[tuple[bytes, Places]]:
        """Yield the words of each part and their counts."""
        for words, counts in self._arrays({WORDS: self._column(2), COUNTS: self._column(3)}):
            yield words.tobytes(), counts

    def sentences(self) -> Generator[tuple[Numbers, Places, Numbers]]:
        """Yield the ids and the sentence ends of each part, and the merged ids of its words."""
        sizes = {IDS: self._column(0), ENDS: self._column(1), MERGED: self._column(3)}
        yield from self._arrays(sizes)  # type: ignore[misc]

    def _column(self, at: int) -> list[int]:
        return [extent[at] for extent in self.extents]

    def _arrays(self, sizes: dict[str, list[int]]) -> Generator[tuple[NDArray[Any], ...]]:
        for file in (*self._files.values(), self._merged):
            file.flush()
        kinds = {**KINDS, MERGED: np.int32}
        starts = {name: [0, *accumulate(column)] for name, column in sizes.items()}
        for part in range(len(self.extents)):
            yield tuple(
                self._array(name, kinds[name], starts[name][part], column[part]) for name, column in sizes.items()
            )

    def _array(self, name: str, kind: type[np.generic], start: int, count: int) -> NDArray[Any]:
        path = self._folder / name
        array = np.fromfile(path, kind, count, offset=start * np.dtype(kind).itemsize)
        if len(array) != count:
            raise CheckpointError(f"{path} was cut short while it was in use: remove {self._folder} and encode again")
        return array

    def write_merged(self, ids: Numbers) -> None:
        """Write the ids that the next part's words have among all words."""
        self._merged.write(ids.data)

    def forget_merged(self) -> None:
        """Begin again with the first part."""
        self._merged.seek(0)
        self._merged.truncate()
