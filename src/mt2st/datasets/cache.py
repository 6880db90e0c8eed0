"""The cache folder: its path, and atomic writes into it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from mt2st.errors import FetchError
from mt2st.whole_file import write_whole

_A_DAY = 24 * 60 * 60  # seconds; no fetch takes as long, so an older part was left by one that was killed


def cache_folder() -> Path:
    """Return the folder of fetched data: ``MT2ST_CACHE``, else ``mt2st`` in the user's cache folder.

    The user's cache folder is ``XDG_CACHE_HOME`` or ``~/.cache``, on macOS ``~/Library/Caches``, on Windows
    ``%LOCALAPPDATA%``. The folder is not made here.

    Raises
    ------
    FetchError
        Where no home folder is known and ``MT2ST_CACHE`` is not set.
    """
    if chosen := os.environ.get("MT2ST_CACHE"):
        return Path(chosen).expanduser()
    try:
        return _user_cache(sys.platform) / "mt2st"
    except RuntimeError as error:  # what pathlib raises where there is no home folder
        raise FetchError(f"no folder to keep data in ({error}): set MT2ST_CACHE to one") from error


def _user_cache(platform: str) -> Path:
    if platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification has relative paths ignored.
    return Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".cache"


def make_folder(folder: Path) -> None:
    """Create a folder in the cache and delete the leftovers of fetches killed more than a day ago.

    Raises
    ------
    FetchError
        Where the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
        _drop_old_parts(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _drop_old_parts(folder: Path) -> None:
    for part in folder.glob(".*"):
        if part.stat().st_mtime < time.time() - _A_DAY:
            part.unlink(missing_ok=True)


def store(path: Path, data: bytes) -> None:
    """Write a file of the cache atomically; see `mt2st.whole_file.open_whole`.

    Raises
    ------
    FetchError
        Where it cannot be written: no permission, no space.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _unwritable(folder: Path, error: OSError) -> FetchError:
    reason = error.strerror or str(error)
    return FetchError(
        f"cannot write to the cache folder {folder} ({reason}): set MT2ST_CACHE to a folder that you can write to"
    )
