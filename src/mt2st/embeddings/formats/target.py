"""Files that are whole or not there: written beside their place, then moved to it."""

from __future__ import annotations

import gzip
import lzma
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from mt2st.errors import ConfigError


@contextmanager
def open_target(path: Path) -> Generator[BinaryIO]:
    """Open a file for writing, compressed by its name; it takes its place, and the old one's, when all is written.

    A link stays one, and what is no file, as a device, is written where it is.

    Raises
    ------
    ConfigError
        Where it cannot be written.
    """
    there = path.exists() and not path.is_file()
    try:
        with (
            path.open("wb") if there else _open_aside(Path(os.path.realpath(path))) as raw,
            _compressor(raw, path.suffix.lower()) as packed,
        ):
            yield packed
    except OSError as error:
        raise ConfigError(f"cannot write {path} ({error.strerror}): give another path, or make room") from error


@contextmanager
def _open_aside(place: Path) -> Generator[BinaryIO]:
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with aside.open("wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        aside.replace(place)
    finally:
        with suppress(OSError):
            aside.unlink()


@contextmanager
def _compressor(raw: BinaryIO, suffix: str) -> Generator[BinaryIO]:
    """Wrap an open file so that what is written to it is compressed as a suffix says; the file itself stays open."""
    if suffix == ".gz":
        # No time of writing: equal vectors make equal files.
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
