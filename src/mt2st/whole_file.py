"""Atomic writes: a file is written beside its destination, then moved there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def open_whole(path: Path) -> Generator[BinaryIO]:
    """Open a file for writing that replaces the old one only once it is completely on disk.

    A link stays one: the file that it leads to is replaced. What is no file, as a device, is written where it is.

    Raises
    ------
    OSError
        Where it cannot be written; what was there is left as it was.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    place = Path(os.path.realpath(path))
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
    finally:
        with suppress(OSError):
            aside.unlink()


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file as `open_whole` does, and return its path."""
    with open_whole(path) as file:
        file.write(content)
    return path
