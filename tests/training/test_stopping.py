import os
import signal
from threading import Thread
from time import sleep

import pytest

from mt2st.training.stopping import StopRequest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_old_handlers_come_back(number):
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    stop = StopRequest()
    with stop.listening():
        assert not stop
        os.kill(os.getpid(), number)
        assert stop
        assert signal.getsignal(number) == before[number], "a second one acts at once"
    assert stop.signal == number
    assert {each: signal.getsignal(each) for each in before} == before


def test_a_time_limit_asks_to_stop_too():
    stop = StopRequest(0.02)
    assert not stop
    sleep(0.03)
    assert stop
    assert stop.out_of_time
    assert stop.signal is None


def test_without_a_limit_time_does_not_run_out():
    assert not StopRequest(None).out_of_time


def test_in_other_threads_nothing_listens():
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    stop, found = StopRequest(), []

    def ask():
        with stop.listening():
            found.append(({each: signal.getsignal(each) for each in before}, bool(stop)))

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [(before, False)]
