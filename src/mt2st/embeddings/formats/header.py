"""The first line ``words vector_size`` of word2vec's files, in text and in binary."""

from __future__ import annotations

import re

from mt2st.embeddings.formats.source import Source
from mt2st.errors import DataError, counted

HEADER = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18})[ \r]*\n")


def match_header(line: bytes) -> tuple[int, int] | None:
    r"""Return (words, vector_size) if a line is such a header, else None.

    Examples
    --------
    >>> match_header(b"400000 50\n"), match_header(b"the 0.1 0.2\n")
    ((400000, 50), None)
    """
    found = HEADER.fullmatch(line)
    return (int(found[1]), int(found[2])) if found else None


def read_header(source: Source, least: int) -> tuple[int, int]:
    """Return (words, vector_size), checked against the bytes left before anything is allocated.

    Parameters
    ----------
    source
        At the start of the file.
    least
        Minimum bytes per value; a word takes at least one more, for the space after it.
    """
    line = source.read_line()
    if not line:
        raise DataError("the file is empty: check that it was written to the end", path=source.path)
    header = match_header(line)
    if header is None:
        rule = (
            "the first line must be 'words vector_size', two whole numbers; a file without it is of the format 'glove'"
        )
        raise DataError(f"{rule} (format=, or mt2st convert --from)", path=source.path, line=1)
    words, size = header
    announced = f"announced are {counted(words, 'word')} of {counted(size, 'value')}"
    if not words or not size:
        raise DataError(f"{announced}: no vectors", path=source.path, line=1)
    needed = words * (least * size + 1) - 1  # the last line's end may be missing
    if source.left is not None and needed > source.left:
        message = f"{announced}, {needed} bytes at least, {source.left} are left: it is cut short"
        raise DataError(message, path=source.path, line=1)
    return words, size


def header_bytes(words: int, size: int) -> bytes:
    """Return the header as a line."""
    return f"{words} {size}\n".encode()
