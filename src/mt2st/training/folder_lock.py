"""One at a time: threads, and processes where the system can lock a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

if sys.platform != "win32":
    import fcntl

_THREADS = Lock()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep others who ask for it out of a folder meanwhile; of some network disks, and on Windows, threads alone."""
    with _THREADS:
        if sys.platform == "win32":  # folders cannot be opened there
            yield
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # a disk that has no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            with suppress(OSError):  # a process that was forked meanwhile holds it open
                fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
