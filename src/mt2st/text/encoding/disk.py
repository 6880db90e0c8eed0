"""Atomic writing, with errors that name the path and the fix."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from mt2st.errors import DataError

FIXES = {
    errno.ENOSPC: "the disk is full: free space, or pass another folder; the same call resumes from here",
    errno.EDQUOT: "your share of the disk is full: free space, or pass another folder; the same call resumes from here",
    errno.EACCES: "no permission to write here: pass another folder, or change its mode, e.g. chmod u+rwx",
    errno.EPERM: "no permission to write here: pass another folder, or change its mode, e.g. chmod u+rwx",
    errno.EROFS: "this disk can only be read: pass another folder",
    errno.ENOTDIR: "a part of this path is a file: pass another folder",
    errno.EEXIST: "this is a file: pass another folder",
}


@contextmanager
def disk_errors(folder: Path) -> Generator[None]:
    """Turn errors of writing to ``folder`` into `DataError`; leave those of other files unchanged."""
    try:
        yield
    except OSError as error:
        if error.filename and not Path(error.filename).is_relative_to(folder):
            raise
        default = f"the folder cannot be written ({error.strerror}): check the disk"
        raise DataError(FIXES.get(error.errno or 0, default), path=error.filename or folder) from error


def sync(file: BinaryIO) -> None:
    """Flush a file to disk."""
    file.flush()
    os.fsync(file.fileno())


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Replace a JSON file atomically: a reader finds either the old or the new one."""
    aside = path.with_name(f".{path.name}")
    with aside.open("wb") as file:
        file.write(json.dumps(data).encode())
        sync(file)
    aside.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return what `write_json` wrote; an empty object if the file is missing or holds no object."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
