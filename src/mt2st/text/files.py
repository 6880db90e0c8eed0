"""Lines of a plain, .gz or .xz file, decoded one by one so that a bad byte costs one row and not the file."""

from __future__ import annotations

import gzip
import lzma
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mt2st.errors import DataError
from mt2st.text.rows import RowError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from contextlib import AbstractContextManager

COMPRESSED = (".gz", ".xz")
DAMAGED = (gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError)
REMEDIES: dict[type[OSError], str] = {
    FileNotFoundError: "there is no such file: check the path",
    IsADirectoryError: "this is a folder: name one file in it",
    PermissionError: "no permission to read this file: change its mode or owner, e.g. chmod u+r",
}


class Line(NamedTuple):
    """A decoded line without its end; ``fault`` is what makes it unusable, None where it is good.

    The text of a line with a fault is still there, bad bytes replaced, so that readers can tell where records end.
    """

    number: int
    text: str
    fault: RowError | None = None


def read_lines(path: str) -> Generator[Line]:
    r"""Yield the decoded lines of a file, compressed or not, from line 1.

    Raises
    ------
    DataError
        Where the file cannot be opened, is damaged, or is empty.

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
    """Yield (line number, bytes) without line ends and byte-order marks, which joined files have inside too."""
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
        remedy = REMEDIES.get(type(error), f"the file cannot be read ({error.strerror}): check the disk and the path")
        raise DataError(remedy, path=path) from error


def open_binary(path: str) -> AbstractContextManager[Iterable[bytes]]:
    """Open a file for reading bytes, decompressed where its name ends in .gz or .xz."""
    suffix = Path(path).suffix.lower()
    if suffix == ".gz":
        return gzip.open(path)
    return lzma.open(path) if suffix == ".xz" else Path(path).open("rb")


def decode_line(number: int, raw: bytes) -> Line:
    r"""Return a decoded line, with a fault where it is not UTF-8 or holds a NUL byte.

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
    remedy = f"save the file as UTF-8, e.g. iconv -f {encoding} -t UTF-8"
    message = f"the byte 0x{raw[start]:02x} is not UTF-8: {remedy}"
    return RowError("invalid UTF-8", message, number, len(raw[:start].decode("utf-8")) + 1)
