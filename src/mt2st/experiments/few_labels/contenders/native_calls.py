"""Contexts that make fastText's compiled code quiet and reproducible."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

# From glibc's malloc.h: the complement of the byte that new memory is filled with; 0, the default, fills nothing.
PERTURB, ZEROS, USUAL = -6, 255, 0


@contextmanager
def zeroed_memory() -> Iterator[None]:
    """Fill new memory with zeros, if the C library is glibc.

    fastText initialises a tenth of its matrix per thread and leaves the rest uninitialised. With fewer than ten threads
    and reused memory, that is arbitrary numbers: trainings end with "Encountered NaN", and a search silently skips its
    trials.
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
    """Discard output to the process's file descriptors, below Python: the search shows a progress bar."""
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
    """Stop a search of fastText after this many seconds, and restore Python's handler of Ctrl-C afterwards.

    Its clock is a thread that, on a busy machine, may run before the search is marked as begun: the clock then stops at
    once, and the search never ends. An interrupt ends a search, whose handler stays installed after it.
    """
    clock = Timer(seconds, signal.raise_signal, [signal.SIGINT])
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))
