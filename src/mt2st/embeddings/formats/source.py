"""Bytes of a file of vectors, by pieces, with errors that say where."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mt2st.errors import DataError
from mt2st.text.files import COMPRESSED, DAMAGED, REMEDIES, open_binary

PIECE = 1 << 23
LONGEST_LINE = 1 << 28


@dataclass
class Source:
    """An open file: what was read of it, and what is left where that is known.

    Attributes
    ----------
    path
        For messages.
    size
        Bytes in all; None in a compressed file, whose size shows at its end.
    position
        Bytes read so far.
    """

    path: Path
    file: BinaryIO
    size: int | None
    position: int = 0

    @property
    def left(self) -> int | None:
        """Bytes not read yet, where known."""
        return None if self.size is None else self.size - self.position

    def read(self) -> bytes:
        """Return the next piece, a shorter one at the end only and then none."""
        found = self.file.read(PIECE)
        self.position += len(found)
        return found

    def read_line(self, most: int = LONGEST_LINE) -> bytes:
        """Return the next line with its end, cut after ``most`` bytes; the file's first without a byte-order mark."""
        line, first = self.file.readline(most), self.position == 0
        self.position += len(line)
        return line.removeprefix(BOM_UTF8) if first else line

    def whole_lines(self) -> Iterator[bytearray]:
        """Yield the rest by pieces that end in a line's end; one is put where the file lacks its last."""
        rest = bytearray()
        while piece := self.read():
            cut = piece.rfind(b"\n") + 1
            if cut:
                yield rest + piece[:cut]
                rest = bytearray()
            rest += piece[cut:]
            if len(rest) > LONGEST_LINE:
                raise DataError(f"a line of over {LONGEST_LINE} bytes: this is no text of vectors", path=self.path)
        if rest:
            yield rest + b"\n"


@contextmanager
def open_source(path: Path) -> Generator[Source]:
    """Open a file for reading, decompressed by its name; what fails while it is open is a `DataError`."""
    try:
        with open_binary(str(path)) as file:
            size = None if is_compressed(path) else path.stat().st_size
            yield Source(path, file, size)
    except DAMAGED as error:
        message = f"the compressed file is damaged or cut short ({error}): fetch or compress it again"
        raise DataError(message, path=path) from error
    except OSError as error:
        remedy = REMEDIES.get(type(error), f"the file cannot be read ({error.strerror}): check the disk and the path")
        raise DataError(remedy, path=path) from error


def is_compressed(path: Path) -> bool:
    """Return whether a file's name says that it is compressed."""
    return path.suffix.lower() in COMPRESSED
