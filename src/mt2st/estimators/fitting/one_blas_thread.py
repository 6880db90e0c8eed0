"""One thread for NumPy's linear algebra: the order of sums, and so the bits of a model, depend on the number of them.

The products of a fit are small besides, and several threads would mostly wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from threadpoolctl import OpenBLASController, ThreadpoolController


class OneThread:
    """Limits BLAS to one thread in the whole process while any thread is inside `limit`.

    The limits of threadpoolctl restore what each found: two that overlap would leave the second's 1 behind.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._limiter: Any = None

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Limit BLAS for the duration."""
        with self._lock:
            if not self._inside:
                clear_control()
                self._limiter = ThreadpoolController().limit(limits=1, user_api="blas")
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    clear_control()
                    self._limiter.restore_original_limits()
                    clear_control()


def clear_control() -> None:
    """Let the calling thread set OpenBLAS's number of threads.

    From threadpoolctl 3.8 on only the thread that set a limit may change it, and another's call does nothing; the last
    fit to end need not be in the thread of the first that began.
    """
    if hasattr(OpenBLASController, "clear_controlling_thread"):
        OpenBLASController.clear_controlling_thread(force=True)


one_blas_thread = OneThread().limit
