"""The command itself, and what its tables say."""

import os
import signal
from pathlib import Path

import pytest
from rich.console import Console

from mt2st.cli import app
from mt2st.cli.tables import baselines_table


def test_sigterm_at_any_time_exits_143(monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(app, "app", lambda: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with pytest.raises(SystemExit) as stopped:
            app.main()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert stopped.value.code == 143


def test_too_little_memory_is_an_error_of_one_line(cli, monkeypatch):
    def fail():
        raise MemoryError("Unable to allocate 197. TiB")

    monkeypatch.setattr(app, "app", fail)
    said = "mt2st: there is not enough memory (Unable to allocate 197. TiB): use fewer dimensions, or less text\n"
    assert cli("train") == (2, "", said)


def test_fetch_prints_where_the_set_lies(cli, monkeypatch):
    monkeypatch.setattr("mt2st.datasets.fetch", lambda name: Path("cache") / f"{name}.txt")
    assert cli("data", "fetch", "film") == (0, f"{Path('cache/film.txt')}\n", "")


def test_baselines_are_shown_as_their_score_minus_the_runs():
    result = {
        "strategy": "switch",
        "test": {"accuracy": 0.7},
        "seconds": {"training": 0.5},
        "baselines": {"single": {"test": 0.65, "seconds": 0.1}, "constant": {"test": 0.72, "seconds": 2.0}},
    }
    console = Console(width=100)
    with console.capture() as shown:
        console.print(baselines_table(result))
    text = shown.get()
    assert "minus switch" in text
    assert "-0.050" in text and "+0.020" in text
