"""Quanta shared among threads."""

import threading
from time import sleep

import pytest

from mt2st.training.vectors.tally import Tally
from mt2st.training.vectors.threads import run_quanta


def never():
    return False


def nothing():
    pass


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_each_quantum_is_done_once(workers):
    done, tallies = [], [Tally() for _ in range(workers)]

    def learn(number):
        done.append(number)
        sleep(0.0005)
        return Tally(number, 1, 0, 10)

    assert run_quanta(learn, 3, 40, tallies, never, nothing) == 40
    assert sorted(done) == list(range(3, 40))
    assert sum(tally.loss for tally in tallies) == sum(range(3, 40))
    assert sum(tally.units for tally in tallies) == 370
    assert all(tally.terms for tally in tallies)


def test_one_worker_is_the_callers_thread_and_in_order():
    done = []
    run_quanta(lambda n: done.append((n, threading.get_ident())) or Tally(), 0, 5, [Tally()], never, nothing)
    assert done == [(number, threading.get_ident()) for number in range(5)]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_after_a_pause_all_before_the_place_are_done(workers):
    done = []

    def learn(number):
        sleep(0.001)
        done.append(number)
        return Tally()

    place = run_quanta(learn, 0, 1000, [Tally() for _ in range(workers)], lambda: len(done) >= 10, nothing)
    assert sorted(done) == list(range(place))
    assert 10 <= place <= 10 + workers


def test_a_pause_lets_each_call_do_something():
    assert run_quanta(lambda number: Tally(), 4, 9, [Tally()], lambda: True, nothing) == 5


@pytest.mark.parametrize("culprit", ["caller", "other"])
def test_a_failure_of_any_thread_is_raised_in_the_callers(culprit):
    caller, started, before = threading.get_ident(), [], threading.active_count()

    def learn(number):
        sleep(0.001)
        started.append(number)
        if (threading.get_ident() == caller) == (culprit == "caller") and len(started) > 3:
            raise ValueError("broken")
        return Tally()

    with pytest.raises(ValueError, match="broken"):
        run_quanta(learn, 0, 10_000, [Tally(), Tally()], never, nothing)
    assert len(started) < 100, "the others stop"
    assert threading.active_count() == before


def test_the_caller_hears_of_its_own_quanta():
    heard = []
    run_quanta(lambda number: Tally(), 0, 7, [Tally()], never, lambda: heard.append(1))
    assert len(heard) == 7
