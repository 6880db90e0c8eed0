"""Threads that share one kernel's batch; the kernels release the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError

Result = TypeVar("Result")


class Workers:
    """Runs a function on the parts of a batch, one thread per part.

    With one worker everything runs in the caller's thread and is reproducible bit for bit. With more, threads update
    the shared table without locks (Hogwild: Recht et al., 2011), so that runs differ.

    Parameters
    ----------
    count
        Number of threads, at least 1.

    Examples
    --------
    >>> Workers(1).map(lambda part, number: int(part.sum()), np.arange(10), least=1)
    [45]
    """

    def __init__(self, count: int = 1) -> None:
        if count < 1:
            raise ConfigError(f"workers must be at least 1, found {count}")
        self.count = count
        self._pool = ThreadPoolExecutor(count - 1) if count > 1 else None

    def map(
        self, function: Callable[[NDArray[np.int64], int], Result], batch: NDArray[np.int64], least: int
    ) -> list[Result]:
        """Call ``function(part, number)`` for each part of the batch; parts hold ``least`` examples or more."""
        count = max(1, min(self.count, len(batch) // least))
        parts = np.array_split(batch, count)
        if self._pool is None or count == 1:
            return [function(part, number) for number, part in enumerate(parts)]
        # The caller's thread takes the first part itself, as submitting costs some 20 microseconds.
        futures = [self._pool.submit(function, part, number) for number, part in enumerate(parts) if number]
        return [function(parts[0], 0), *(future.result() for future in futures)]
