"""A folder for the results of long work: had before it begins, so that they can be written at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from mt2st.errors import ConfigError
from mt2st.training.run_directory import RUNS, check_free, make_next


@contextmanager
def new_folder(out: Path | None, name: str = "") -> Iterator[Path]:
    """Make a folder, or have an empty one, which is gone again where the work fails before anything is in it.

    Parameters
    ----------
    out
        The folder; None for the next one under ``runs/``.
    name
        What that is called, before its number.

    Raises
    ------
    ConfigError
        Where something is in it, or it cannot be written to.
    """
    check_free(out, resumes=False)
    place = out or RUNS
    made = [folder for folder in (place, *place.parents) if not folder.exists()]
    try:
        folder = _writable(out, name)
        if out is None:
            made.insert(0, folder)
        yield folder
    except BaseException:
        for each in made:
            with suppress(OSError):  # one that holds something stays, and those around it
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
