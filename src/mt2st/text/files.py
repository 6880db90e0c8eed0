"""Lines of a plain, .gz, .xz or .zst file, decoded one by one so that an invalid byte costs only one row."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import zstandard

from mt2st.errors import DataError
from mt2st.text.rows import RowError

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

COMPRESSED = (".gz", ".xz", ".zst")
# Magic numbers of compressed files.
MARKS = {b"\x1f\x8b": ".gz", b"\xfd7zXZ\0": ".xz", b"\x28\xb5\x2f\xfd": ".zst", b"BZh": ".bz2", b"PK\3\4": ".zip"}
DAMAGED = (gzip.BadGzipFile, lzma.LZMAError, zlib.error, zstandard.ZstdError, EOFError)
# Number of compressed bytes read at a time.
PIECE = 1 << 16
# What `zstd --long=31` needs; the default refuses such files.
LARGEST_WINDOW = 1 << 31
REMEDIES: dict[type[OSError], str] = {
    FileNotFoundError: "there is no such file: check the path",
    IsADirectoryError: "this is a folder: name one file in it",
    PermissionError: "no permission to read this file: change its mode or owner, e.g. chmod u+r",
}


class Line(NamedTuple):
    """A decoded line without its end; ``fault`` is what makes it invalid, or None.

    A line with a fault still has its text, invalid bytes replaced, so that readers can find the ends of records.
    """

    number: int
    text: str
    fault: RowError | None = None


def read_lines(path: str) -> Generator[Line]:
    r"""Yield the decoded lines of a file, compressed or not, from line 1.

    Raises
    ------
    DataError
        If the file cannot be opened, is damaged, or is empty.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.txt")
    ...     _ = path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\n")
    ...     print([(line.number, line.text) for line in read_lines(str(path))])
    [(1, 'one'), (2, 'two')]
    """
    number = 0
    for number, raw in raw_lines(path):
        yield decode_line(number, raw)
    if not number:
        raise DataError("the file is empty: there is nothing to read; check that it was written to the end", path=path)


def raw_lines(path: str) -> Generator[tuple[int, bytes]]:
    """Yield (line number, bytes) without newlines and byte-order marks, which concatenated files have inside too."""
    number = 0
    try:
        with open_binary(path) as file:
            for number, raw in enumerate(file, start=1):
                line = raw.removeprefix(BOM_UTF8)
                if line:  # a mark alone, without a line end, is the end of the file
                    yield number, line.removesuffix(b"\n").removesuffix(b"\r")
    except DAMAGED as error:
        message = f"the compressed file is damaged or cut short ({error}): fetch or compress it again"
        raise DataError(message, path=path, line=number + 1) from error
    except OSError as error:
        default = f"the file cannot be read ({error.strerror or error}): check the disk and the path"
        raise DataError(REMEDIES.get(type(error), default), path=path) from error


@contextmanager
def open_binary(path: str) -> Generator[BinaryIO]:
    """Open a file for reading bytes, decompressed if its name ends in .gz, .xz or .zst."""
    with Path(path).open("rb") as file:
        yield decompressed(file, Path(path).suffix)


def decompressed(file: BinaryIO, suffix: str) -> BinaryIO:
    """Return a reader of a compressed file's contents, or the file itself if its suffix is of no compression."""
    match suffix.lower():
        case ".gz":
            return cast("BinaryIO", gzip.open(file))
        case ".xz":
            return cast("BinaryIO", lzma.open(file))
        case ".zst":
            return io.BufferedReader(ZstandardReader(file), PIECE)
    return file


class ZstandardReader(io.RawIOBase):
    """A reader of Zstandard files of any number of frames; unlike the package's, it detects a truncated file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame: Any = None
        self._packed = self._ready = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the bytes available; return their number, 0 at the end."""
        while not self._ready and self._fill():
            pass
        taken = min(len(buffer), len(self._ready))
        buffer[:taken], self._ready = self._ready[:taken], self._ready[taken:]
        return taken

    def _fill(self) -> bool:
        self._packed = self._packed or self._file.read(PIECE)
        if not self._packed:
            if self._frame is not None:
                raise EOFError("the last frame has no end")
            return False
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW).decompressobj()
        self._ready = self._frame.decompress(self._packed)
        self._packed = self._frame.unused_data if self._frame.eof else b""
        self._frame = None if self._frame.eof else self._frame
        return True


def decode_line(number: int, raw: bytes) -> Line:
    r"""Return a decoded line, with a fault if it is not UTF-8 or contains a NUL byte.

    Examples
    --------
    >>> decode_line(1, "café".encode())
    Line(number=1, text='café', fault=None)
    >>> decode_line(7, b"caf\xe9").fault.column
    4
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Line(number, raw.decode("utf-8", "replace"), encoding_fault(number, raw, error.start))
    if "\0" in text:
        message = "a NUL byte, which text does not hold: remove it, e.g. tr -d '\\000', or save the file as UTF-8"
        return Line(number, text, RowError("NUL byte", message, number, text.index("\0") + 1))
    return Line(number, text)


def encoding_fault(number: int, raw: bytes, start: int) -> RowError:
    """Return the fault of a line whose byte at ``start`` is not UTF-8."""
    encoding = "UTF-16" if number == 1 and raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "LATIN1"
    packed = remedy_of_compressed(raw) if number == 1 else None
    remedy = packed or f"save the file as UTF-8, e.g. iconv -f {encoding} -t UTF-8"
    message = f"the byte 0x{raw[start]:02x} is not UTF-8: {remedy}"
    return RowError("invalid UTF-8", message, number, len(raw[:start].decode("utf-8")) + 1)


def remedy_of_compressed(start: bytes) -> str | None:
    r"""Return what to do about a file that starts as a compressed one although its name does not say so, else None.

    Examples
    --------
    >>> remedy_of_compressed(b"\x1f\x8b\x08"), remedy_of_compressed(b"text")
    ('the file is compressed; end its name in .gz, or decompress it', None)
    """
    for mark, suffix in MARKS.items():
        if start.startswith(mark):
            end = f"end its name in {suffix}, or " if suffix in COMPRESSED else ""
            return f"the file is compressed; {end}decompress it"
    return None
