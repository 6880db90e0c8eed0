"""One at a time: threads, and processes where the system can lock a folder; others wait, or are refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from mt2st.errors import ConfigError

if sys.platform != "win32":
    import fcntl

_THREADS = Lock()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep others who ask for it out of a folder meanwhile; of some network disks, and on Windows, threads alone."""
    with _THREADS, _locked(folder):
        yield


@contextmanager
def refusing_others(folder: Path, refusal: str) -> Iterator[None]:
    """Refuse a folder, made where it is missing, to others who ask for it meanwhile.

    On some network disks, and on Windows, none is refused.

    Raises
    ------
    ConfigError
        With the refusal, where another process or thread has the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, refusal):
        yield


@contextmanager
def _locked(folder: Path, refusal: str | None = None) -> Iterator[None]:
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


def _lock(descriptor: int, refusal: str | None) -> None:
    """Wait for the others, or raise the refusal where there is one."""
    if sys.platform != "win32":
        with suppress(OSError):  # a disk that has no locks
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if refusal else 0))
            except BlockingIOError:
                raise ConfigError(refusal) from None
