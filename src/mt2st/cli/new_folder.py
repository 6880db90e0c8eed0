"""A folder for the results of long work, created at its start, so that writing cannot fail at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from mt2st.errors import ConfigError
from mt2st.folder_lock import refusing_others
from mt2st.training.run_directory import RUNS, check_free, make_next


@contextmanager
def new_folder(out: Path | None, name: str = "", begun: str | None = None) -> Iterator[Path]:
    """Create a folder, or use an empty one, locked for this process; remove it if nothing was written into it.

    Parameters
    ----------
    out
        The folder; None for the next one under ``runs/``.
    name
        The prefix of that folder's name, before its number.
    begun
        A file that marks a folder whose work can be resumed; None if none can.

    Raises
    ------
    ConfigError
        If it contains other files, is in use by another process, or cannot be written to.
    """
    place = out or RUNS
    made = [folder for folder in (place, *place.parents) if not folder.exists()]
    try:
        folder = _writable(out, name)
        if out is None:
            made.insert(0, folder)
        with refusing_others(folder, f"{folder} is in use", "give another --out"):
            if begun is None or not (folder / begun).is_file():
                check_free(folder, resumes=False)
            yield folder
    except BaseException:
        for each in made:
            with suppress(OSError):  # folders that are not empty stay
                each.rmdir()
        raise


def _writable(out: Path | None, name: str) -> Path:
    try:
        folder = out or make_next(name)
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        message = f"cannot write to {out or RUNS} ({error.strerror}): give another folder with --out"
        raise ConfigError(message) from error
