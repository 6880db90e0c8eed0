"""Folders that are replaced whole: whatever happens meanwhile, the old one or the new one is there."""

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
    """Give a folder to write files to; once all are on the disk it takes the other's place, by renaming.

    Where that ends halfway, `restored_folder` puts the earlier one back. Of those who write at once, the last one's
    is there in the end. A link stays one: what it leads to is replaced.

    Parameters
    ----------
    folder
        Made where it is not there.
    kind
        Of the model that is written.

    Raises
    ------
    DataError
        Where the folder cannot be written, or has files that are not the kind's own.
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
    """Return a folder, put back where replacing it ended between two renames.

    Raises
    ------
    DataError
        Where it cannot be looked at.
    """
    with _told(folder, "cannot read there"):
        place = Path(os.path.realpath(folder))
        if not place.exists() and _before(place).exists():
            with alone_in(place.parent):
                _put_back(place)
    return folder


@contextmanager
def _told(folder: Path, what: str) -> Iterator[None]:
    """Tell what the system says as an error that names the folder."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{what} ({error.strerror or error}): give another folder", path=folder) from error


def _place(folder: Path) -> Path:
    """Return where a folder is to lie, links followed."""
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
    """Keep others away from a folder that is put back where it has to be, and may be replaced."""
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
