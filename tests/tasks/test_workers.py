from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.tasks.workers import Workers

POOLS = {count: Workers(count) for count in (1, 2, 3)}


@given(st.sampled_from([1, 2, 3]), st.integers(1, 50), st.integers(1, 20))
def test_parts_are_the_batch_in_order(count, size, least):
    found = POOLS[count].map(lambda part, number: (number, part.tolist()), np.arange(size), least)
    assert [number for number, _ in found] == list(range(len(found)))
    assert [example for _, part in found for example in part] == list(range(size))
    # As many parts as there are workers, unless they would be too small.
    assert len(found) == max([1, *(parts for parts in range(1, count + 1) if size // parts >= least)])
    lengths = [len(part) for _, part in found]
    assert max(lengths) - min(lengths) <= 1


def test_one_worker_is_the_callers_thread():
    assert Workers(1).map(lambda part, number: threading.get_ident(), np.arange(9), 1) == [threading.get_ident()]


def test_workers_run_at_the_same_time():
    # Each part waits for the other two; one after the other, the first would wait in vain.
    barrier = threading.Barrier(3, timeout=10)

    def meet(part, number):
        barrier.wait()
        return threading.get_ident()

    threads = POOLS[3].map(meet, np.arange(3), 1)
    assert len(set(threads)) == 3
    assert threads[0] == threading.get_ident()


@pytest.mark.parametrize("fails", [0, 1, 2])
def test_an_error_in_any_part_is_the_callers(fails):
    def fail(part, number):
        if number == fails:
            raise RuntimeError(f"part {number}")

    with pytest.raises(RuntimeError, match=f"part {fails}"):
        POOLS[3].map(fail, np.arange(9), 1)
    assert POOLS[3].map(lambda part, number: number, np.arange(9), 1) == [0, 1, 2]


@pytest.mark.parametrize("count", [0, -2])
def test_there_is_at_least_one_worker(count):
    with pytest.raises(ConfigError, match=f"workers must be at least 1, found {count}"):
        Workers(count)
