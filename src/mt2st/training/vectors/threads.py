"""Threads that take the numbers of quanta from one counter and train on them in parallel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Thread

from mt2st.training.vectors.tally import Tally


def run_quanta(
    learn: Callable[[int], Tally],
    first: int,
    last: int,
    tallies: list[Tally],
    pause: Callable[[], bool],
    on_quantum: Callable[[], None],
) -> int:
    """Train on the quanta [first, last) until the end or a pause; return the first that is not done.

    All before it are done. The caller's thread is one of the workers; with one worker there are no other threads.

    Parameters
    ----------
    learn
        Trains on one quantum.
    tallies
        One for each thread, added to by that thread alone.
    pause
        Called after each quantum; once it returns True, no further one is begun.
    on_quantum
        Called after each quantum of the caller's thread.

    Examples
    --------
    >>> total = Tally()
    >>> run_quanta(lambda number: Tally(number, 1), 3, 6, [total], lambda: False, lambda: None)
    6
    >>> total.loss, total.terms
    (12.0, 3)
    """
    # next() on CPython's counter is atomic: no two threads get the same number.
    numbers, failures, halted = count(first), list[BaseException](), list[bool]()

    def work(tally: Tally, done: Callable[[], None]) -> None:
        while not halted:
            number = next(numbers)
            if number >= last:
                break
            tally.add(learn(number))
            done()
            if pause():
                break

    def work_aside(tally: Tally) -> None:
        try:
            work(tally, lambda: None)
        except BaseException as error:  # raised again in the caller's thread
            failures.append(error)
            halted.append(True)

    threads = [Thread(target=work_aside, args=(tally,), daemon=True) for tally in tallies[1:]]
    for thread in threads:
        thread.start()
    try:
        work(tallies[0], on_quantum)
    except BaseException:
        halted.append(True)
        raise
    finally:
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return min(next(numbers), last)
