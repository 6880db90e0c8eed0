"""What long work shows: plain lines where there is no terminal, not too many of them, and a bar where there is one."""

import pytest

from mt2st.cli import progress
from mt2st.cli.progress import WorkDisplay


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that stands still, in a list, and goes by what is added to it."""
    now = [0.0]
    monkeypatch.setattr(progress, "perf_counter", lambda: now[0])
    return now


@pytest.fixture
def display(monkeypatch, clock):
    found = WorkDisplay(4, "training", quiet=False)
    monkeypatch.setattr(found._bars, "get_time", lambda: clock[0])
    return found


def test_a_line_at_the_start_then_one_in_ten_seconds_and_one_at_the_end(capsys, clock, display):
    with display:
        display.begin("reading data")
        for seconds, what in ((6.0, "a"), (6.0, "b"), (6.0, "c"), (1.0, "d")):
            clock[0] += seconds
            display.end_one(what)
    assert capsys.readouterr().err.splitlines() == [
        "0/4 trainings: reading data",
        "2/4 trainings: b, 12.0 s left",
        "4/4 trainings: d",
    ]


def test_what_was_found_done_says_nothing_of_the_time_left(capsys, clock, display):
    with display:
        display.begin("starting")
        display.end_one("a", fresh=False)
        clock[0] += 20.0
        display.end_one("b")
        clock[0] += 20.0
        display.end_one("c")
    assert capsys.readouterr().err.splitlines()[1:] == ["2/4 trainings: b", "3/4 trainings: c, 20.0 s left"]


def test_all_found_done_is_told(capsys, display):
    display.begin("starting")
    for what in "abcd":
        display.end_one(what, fresh=False)
    assert capsys.readouterr().err == "0/4 trainings: starting\n4/4 trainings: d\n"


def test_of_one_there_is_one(capsys):
    WorkDisplay(1, "trial", quiet=False).begin("a")
    assert capsys.readouterr().err == "0/1 trial: a\n"


def test_quiet_shows_nothing(capsys):
    with WorkDisplay(1, "training", quiet=True) as display:
        display.begin("a")
        display.end_one("b")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_there_is_a_bar_and_no_line(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with WorkDisplay(2, "training", quiet=False) as display:
        display.begin("reading data")
        display.end_one("b")
    shown = capsys.readouterr().err
    assert "━" in shown and "1/2 trainings" in shown and "trainings: b" not in shown
