"""Reading a file of vectors in pieces, with errors that give the position."""

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
    """An open file, the bytes read, and the bytes left if known.

    Attributes
    ----------
    path
        For messages.
    size
        Size in bytes; None for a compressed file, whose size is unknown before its end.
    position
        Bytes read so far.
    """

    path: Path
    file: BinaryIO
    size: int | None
    position: int = 0

    @property
    def left(self) -> int | None:
        """Bytes not read yet, or None if unknown."""
        return None if self.size is None else self.size - self.position

    def read(self) -> bytes:
        """Return the next piece; it is shorter only at the end of the file, and then empty."""
        found = self.file.read(PIECE)
        self.position += len(found)
        return found

    def read_line(self, most: int = LONGEST_LINE) -> bytes:
        """Return the next line with its end, cut after ``most`` bytes; remove a byte-order mark from the first."""
        line, first = self.file.readline(most), self.position == 0
        self.position += len(line)
        return line.removeprefix(BOM_UTF8) if first else line

    def whole_lines(self) -> Iterator[bytearray]:
        """Yield the rest in pieces that end in a newline, added if the file lacks its last."""
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
    """Open a file for reading, decompressed by its suffix; turn errors while it is open into `DataError`."""
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
    """Return whether a file's suffix is that of a compression."""
    return path.suffix.lower() in COMPRESSED
