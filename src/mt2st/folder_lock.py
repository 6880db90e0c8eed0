"""Locks on folders, between threads and, where the system supports it, processes; others wait or get an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock

from mt2st.errors import ConfigError

if sys.platform != "win32":
    import fcntl

_THREADS = Lock()
# Folders that this process refuses to others.
_OURS = set[tuple[int, int]]()
LOCKS = Path("/proc/locks")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder for the duration, waiting for it; only between threads on some network disks and on Windows."""
    with _THREADS, nullcontext() if _place(folder) in _OURS else _locked(folder):
        yield


@contextmanager
def refusing_others(folder: Path, use: str, remedy: str) -> Iterator[None]:
    """Lock a folder, created if missing, for the duration; others who try to lock it get an error.

    On some network disks, and on Windows, none is refused.

    Parameters
    ----------
    folder
        What is locked.
    use, remedy
        What others are told: ``"runs/a is being trained"`` and, beside waiting, ``"give another run"``.

    Raises
    ------
    ConfigError
        Where another process or thread has the folder; it names the process, where the system tells.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = _place(folder)
    with _locked(folder, (use, remedy)):
        _OURS.add(place)
        try:
            yield
        finally:
            _OURS.discard(place)


def _place(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


@contextmanager
def _locked(folder: Path, refusal: tuple[str, str] | None = None) -> Iterator[None]:
    if sys.platform == "win32":  # folders cannot be opened there
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, refusal)
        yield
    finally:
        with suppress(OSError):  # a process that was forked meanwhile holds it open
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _lock(descriptor: int, refusal: tuple[str, str] | None) -> None:
    """Wait for the lock, or raise an error if its message is given."""
    if sys.platform != "win32":
        with suppress(OSError):  # a disk that has no locks
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if refusal else 0))
            except BlockingIOError:
                use, remedy = refusal or ("", "")
                raise ConfigError(f"{use} by {_holder(descriptor)}: wait for its end, or {remedy}") from None


def _holder(descriptor: int) -> str:
    """Return the process that holds the lock, from Linux, e.g. ``1: FLOCK ADVISORY WRITE 19343 fe:00:2483743 0 EOF``.

    Other systems do not list it.
    """
    found = os.fstat(descriptor)
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    with suppress(OSError):
        for line in LOCKS.read_text(encoding="ascii").splitlines():
            _, kind, _, _, process, where, *_ = line.split()
            if (kind, where) == ("FLOCK", place) and int(process) > 0:  # in another container it has no number here
                return f"process {process}"
    return "another process"
