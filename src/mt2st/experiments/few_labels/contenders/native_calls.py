"""What fastText's compiled code needs around it to be quiet and to give the same figures at every call."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

# Of glibc's malloc.h: the complement of what new memory is filled with; 0 is the usual, nothing.
PERTURB, ZEROS, USUAL = -6, 255, 0


@contextmanager
def zeroed_memory() -> Iterator[None]:
    """Fill new memory with zeros, where the C library is glibc.

    fastText draws initial values for a tenth of its matrix a thread and takes the rest as it is. With fewer than ten
    threads and memory that was in use before, that is any numbers: trainings end with "Encountered NaN", and a search
    skips its trials without a word.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        yield
        return
    set_option(PERTURB, ZEROS)
    try:
        yield
    finally:
        set_option(PERTURB, USUAL)


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


@contextmanager
def ended_search(seconds: float) -> Iterator[None]:
    """End a search of fastText's after so many seconds at the latest, and give Ctrl-C back to Python behind it.

    Its clock is a thread that may run before the search is marked as begun, as on a busy machine: the clock then stops
    at once, and the search never. The interrupt, which a search takes as its end, it goes on to take when it is over.
    """
    clock = Timer(seconds, signal.raise_signal, [signal.SIGINT])
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))
