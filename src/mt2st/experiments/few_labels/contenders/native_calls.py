"""What fastText's compiled code needs around it to be quiet and to give the same figures at every call."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

# Options of glibc's malloc.h: from how many bytes on memory is fresh from the system, and when it goes back there.
MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1
# The values that glibc's own adjustment, which ends once they are set, comes to in a process with large arrays.
USUAL, USUAL_TRIM, SMALL = 32 << 20, 64 << 20, 1 << 16


@contextmanager
def fresh_memory() -> Iterator[None]:
    """Take all but small pieces of memory fresh from the system, where the C library is glibc.

    fastText draws first values for a tenth of its matrix a thread and takes the rest as it is. With fewer than ten
    threads and memory that was in use before, that is any numbers: trainings end with "Encountered NaN", and a search
    skips its trials without a word. Fresh memory is zeros, which is what the rest is meant to be.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        yield
        return
    set_option(MMAP_THRESHOLD, SMALL)
    try:
        yield
    finally:
        set_option(MMAP_THRESHOLD, USUAL)
        set_option(TRIM_THRESHOLD, USUAL_TRIM)


@contextmanager
def silent_files() -> Iterator[None]:
    """Send what is written to the process's own output, below Python, nowhere: the search shows a bar of its own."""
    kept = [os.dup(number) for number in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        yield
    finally:
        for number, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)
