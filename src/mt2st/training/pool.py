"""Training runs in worker processes, with one thread each."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from threading import current_thread, main_thread
from typing import Any, TypeVar

from mt2st.errors import Mt2stError
from mt2st.training.orphans import end_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


class Pool:
    """Worker processes that stay alive between items, so that each loads its data once; they ignore Ctrl-C.

    Parameters
    ----------
    jobs
        The number of processes; each uses one thread.
    begin, arguments
        ``begin(*arguments)`` is called in each worker before its first item.
    """

    def __init__(self, jobs: int, begin: Callable[..., None], arguments: Sequence[Any]) -> None:
        self.jobs = jobs
        self._pool = ProcessPoolExecutor(
            jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(begin, *arguments)
        )
        # Workers start at their first call, and libraries read these variables when a worker imports them.
        with _one_thread(), _interrupts_ignored():
            begun = [self._pool.submit(os.getpid) for _ in range(jobs)]
        try:
            wait(begun)
        except BaseException:
            self.close()
            raise

    def run(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        """Yield each item with the result of ``work(item)``, in the order of completion.

        Raises
        ------
        Mt2stError
            If a worker process was killed. Exceptions of ``work`` are raised here unchanged.
        """
        try:
            yield from self._results(work, items)
        except BrokenProcessPool as error:
            rule = "a worker process was killed, as the system does where memory is short"
            raise Mt2stError(f"{rule}: free some, or have fewer workers; the same command resumes") from error

    def _results(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        waiting = iter(items)
        # islice, as zip would consume one item more than it yields.
        running = {self._pool.submit(work, item): item for item in islice(waiting, self.jobs)}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                item = running.pop(future)
                following = next(waiting, None)
                if following is not None:
                    running[self._pool.submit(work, following)] = following
                yield item, future.result()

    def close(self) -> None:
        """Terminate the workers, whatever they run."""
        for process in list((self._pool._processes or {}).values()):
            process.terminate()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _begin(begin: Callable[..., None], *arguments: Any) -> None:
    end_with_parent()
    begin(*arguments)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Make processes that start meanwhile ignore Ctrl-C, which a terminal also sends to them: only the parent reacts.

    Only the main thread can set signal handlers; in others nothing changes.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
