"""Putting a file in its place whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file under a temporary name beside it, then rename it, so that no reader ever sees half of it.

    A link stays one: the file that it leads to is replaced. What is no file, as a device, is written where it is.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return path
    place = Path(os.path.realpath(path))
    part = place.with_name(f".{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return path
