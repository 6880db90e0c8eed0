"""Lines of standard input, as they arrive."""

from __future__ import annotations

import select
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from mt2st.errors import DataError

Line = TypeVar("Line")
# The maximum number of lines of a chunk, and of bytes of one read.
CHUNK, READ = 2000, 1 << 17
NAME = "standard input"


def input_lines() -> Iterator[str]:
    """Yield the lines of standard input without their ends; see `input_chunks`."""
    for chunk in input_chunks(str):
        yield from chunk or []


def input_chunks(read: Callable[[str], Line]) -> Iterator[list[Line] | None]:
    """Yield the results of ``read`` on the lines of standard input, many at a time.

    None is yielded if no more has arrived, since the next chunk may take long.

    Raises
    ------
    DataError
        If a byte is not UTF-8 or ``read`` raises it, with the line number and after all lines before it were yielded;
        or if standard input is closed.
    """
    if sys.stdin is None:
        raise DataError("closed, so there is nothing to read: give lines, as by < FILE", path=NAME)
    number = 0
    for lines in _whole_lines(sys.stdin.buffer):
        if lines is None:
            yield None
            continue
        chunk = list[Line]()
        try:
            for number, raw in enumerate(lines, start=number + 1):  # noqa: B020 - continues where the last chunk ended
                chunk.append(_read_line(raw, number, read))
        except DataError:
            yield chunk
            raise
        yield chunk


def _whole_lines(stream: BinaryIO) -> Iterator[list[bytes] | None]:
    """Yield the lines that have arrived; None before a read that may block."""
    begun = bytearray()
    while True:
        if not _has_more(stream):
            yield None
        data = stream.read1(READ)  # type: ignore[attr-defined]
        if not data:
            break
        whole, end, rest = data.rpartition(b"\n")
        if end:
            lines = whole.split(b"\n")
            lines[0] = b"".join((begun, lines[0]))
            begun.clear()
            yield from (lines[first : first + CHUNK] for first in range(0, len(lines), CHUNK))
        begun += rest
    if begun:
        yield [bytes(begun)]


def _has_more(stream: BinaryIO) -> bool:
    """Return whether a read returns at once; False if the system cannot tell, as for pipes on Windows."""
    try:
        return bool(select.select([stream], [], [], 0)[0])
    except (OSError, ValueError):
        return False


def _read_line(raw: bytes, number: int, read: Callable[[str], Line]) -> Line:
    try:
        text = raw.rstrip(b"\r").decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        # The error's position does not count a byte-order mark.
        column = len(raw.removeprefix(BOM_UTF8)[: error.start].decode("utf-8")) + 1
        rule = "not UTF-8: convert the text, for example with iconv -f latin1 -t utf-8"
        raise DataError(rule, path=NAME, line=number, column=column) from None
    try:
        return read(text)
    except DataError as error:
        raise DataError(str(error), path=NAME, line=number) from None
