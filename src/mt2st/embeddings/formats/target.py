"""Writing vectors atomically, compressed by the file's suffix."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from mt2st.errors import ConfigError
from mt2st.whole_file import open_whole


@contextmanager
def open_target(path: Path) -> Generator[BinaryIO]:
    """Open a file for writing, atomically (`open_whole`) and compressed by its suffix.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    try:
        with open_whole(path) as raw, _compressor(raw, path.suffix.lower()) as packed:
            yield packed
    except OSError as error:
        raise ConfigError(f"cannot write {path} ({error.strerror}): give another path, or make room") from error


@contextmanager
def _compressor(raw: BinaryIO, suffix: str) -> Generator[BinaryIO]:
    """Wrap an open file so that writes are compressed as the suffix says; leave the file open at the end."""
    if suffix == ".gz":
        # No timestamp: equal vectors make equal files.
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
            yield cast("BinaryIO", packed)
    elif suffix == ".xz":
        with lzma.open(raw, "wb", preset=3) as slow:
            yield cast("BinaryIO", slow)
    elif suffix == ".zst":
        with zstandard.ZstdCompressor(level=6).stream_writer(raw, closefd=False) as quick:
            yield cast("BinaryIO", quick)
    else:
        yield raw
