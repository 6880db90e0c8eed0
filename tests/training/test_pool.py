"""Worker processes: every item once, data loaded once a worker, one thread each."""

import os
import signal
import sys
import time

import pytest

from mt2st.errors import Mt2stError
from mt2st.training.pool import THREADS, Pool

begun = []


def begin(what):
    begun.append(what)


def describe(item):
    return item, os.getpid(), list(begun), [os.environ[name] for name in THREADS]


def slowly(item):
    time.sleep(0.4 if item == 0 else 0.0)
    return item * 10


def killed(item):
    os.kill(os.getpid(), signal.SIGKILL)


def failing(item):
    raise ValueError(f"item {item}")


@pytest.fixture(scope="module")
def pool():
    before = {name: os.environ.get(name) for name in THREADS}
    pool = Pool(2, begin, ["data"])
    assert {name: os.environ.get(name) for name in THREADS} == before
    yield pool
    pool.close()


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_every_item_comes_back_once(pool, count):
    found = list(pool.run(describe, range(count)))
    assert sorted(item for item, _ in found) == list(range(count))
    for item, (same, process, data, threads) in found:
        assert (same, data, threads) == (item, ["data"], ["1"] * len(THREADS)) and process != os.getpid()


def test_they_come_in_the_order_in_which_they_end(pool):
    found = list(pool.run(slowly, range(4)))
    assert found[-1] == (0, 0) and sorted(found) == [(n, 10 * n) for n in range(4)]


def test_a_terminal_s_ctrl_c_is_for_this_process_alone(pool):
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ((_, handler),) = pool.run(signal.getsignal, [signal.SIGINT])
    assert handler == signal.SIG_IGN


def test_an_error_is_raised_here(pool):
    with pytest.raises(ValueError, match="item 5"):
        list(pool.run(failing, [5]))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
def test_a_worker_that_is_killed_is_a_line_of_error():
    pool = Pool(1, begin, ["data"])
    try:
        for _ in range(2):
            with pytest.raises(Mt2stError, match=r"a worker process was killed, .*: free some, or have fewer workers"):
                list(pool.run(killed, [1, 2]))
    finally:
        pool.close()


def test_closing_ends_the_workers():
    pool = Pool(1, begin, ["data"])
    ((_, (_, process, _, _)),) = pool.run(describe, [1])
    pool.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    pytest.fail("the worker lives")
