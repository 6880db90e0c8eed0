"""Folders that are replaced whole: whatever happens meanwhile, the old one or the new one is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mt2st.errors import DataError
from mt2st.training.checkpoint import sync_folder


@contextmanager
def replaced_folder(folder: Path, mark: str, what: str) -> Iterator[Path]:
    """Give a folder to write files to; once all are on the disk it takes the other's place, by renaming.

    Where that ends halfway, `restored_folder` puts the earlier one back.

    Parameters
    ----------
    folder
        Made where it is not there.
    mark
        A file that a folder has which may be replaced; any other with files in it is a `DataError`.
    what
        It holds, for the error.
    """
    restored_folder(folder)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / mark).exists())):
        raise DataError(f"holds other files: give an empty folder, or one with a {what}", path=folder)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        for file in aside.iterdir():
            _sync(file)
        sync_folder(aside)
        _swap(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _swap(aside: Path, folder: Path) -> None:
    before = _before(folder)
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.replace(before)
    aside.replace(folder)
    sync_folder(folder.parent)
    shutil.rmtree(before, ignore_errors=True)


def restored_folder(folder: Path) -> Path:
    """Return a folder, put back where replacing it ended between two renames."""
    if not folder.exists() and _before(folder).exists():
        _before(folder).replace(folder)
    return folder


def _before(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
