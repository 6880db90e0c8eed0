"""Folders that are replaced as a whole: after a crash at any moment, the old one or the new one is intact."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mt2st.errors import DataError
from mt2st.folder_lock import alone_in
from mt2st.training.checkpoint import sync_folder
from mt2st.training.folder_kind import FolderKind


@contextmanager
def replaced_folder(folder: Path, kind: FolderKind) -> Iterator[Path]:
    """Yield a temporary folder to write files to; at the end these are synced and it is renamed to ``folder``.

    If that is interrupted, `restored_folder` puts the earlier one back. If several processes write at once, the last
    one wins. A symbolic link stays; its target is replaced.

    Parameters
    ----------
    folder
        Created if missing.
    kind
        The kind of model that is written.

    Raises
    ------
    DataError
        If the folder cannot be written, or has files that are not of this kind.
    """
    with _told(folder, "cannot write there"):
        place = _place(folder)
        aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        if not place.parent.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
        with _held(place, kind):
            aside.mkdir()
        try:
            yield aside
            for file in aside.iterdir():
                _sync(file)
            sync_folder(aside)
            with _held(place, kind):
                _swap(aside, place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def restored_folder(folder: Path) -> Path:
    """Return a folder, after putting the earlier one back if replacing it was interrupted between two renames.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    with _told(folder, "cannot read there"):
        place = Path(os.path.realpath(folder))
        if not place.exists() and _before(place).exists():
            with alone_in(place.parent):
                _put_back(place)
    return folder


@contextmanager
def _told(folder: Path, what: str) -> Iterator[None]:
    """Turn an error of the operating system into one that names the folder."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{what} ({error.strerror or error}): give another folder", path=folder) from error


def _place(folder: Path) -> Path:
    """Return the path of a folder with links resolved; refuse the working directory and its parents."""
    try:
        place = Path(os.path.realpath(folder))
    except ValueError as error:
        raise DataError(f"no name for a folder ({error}): give another", path=repr(str(folder))) from error
    here = Path.cwd()
    if place == here or place in here.parents:
        raise DataError("this is, or holds, the working directory: give a folder in it", path=folder)
    return place


@contextmanager
def _held(place: Path, kind: FolderKind) -> Iterator[None]:
    """Lock a folder's parent, put back an interrupted replacement, and check that the folder may be replaced."""
    with alone_in(place.parent):
        _put_back(place)
        kind.check(place)
        yield


def _swap(aside: Path, place: Path) -> None:
    before = _before(place)
    shutil.rmtree(before, ignore_errors=True)
    if place.exists():
        place.replace(before)
    aside.replace(place)
    sync_folder(place.parent)
    shutil.rmtree(before, ignore_errors=True)


def _put_back(place: Path) -> None:
    if not place.exists() and _before(place).exists():
        _before(place).replace(place)


def _before(place: Path) -> Path:
    return place.with_name(f".{place.name}.before")


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
