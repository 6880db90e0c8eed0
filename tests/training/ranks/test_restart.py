"""Which run a process that torchrun has started again takes up."""

import json
import os
from pathlib import Path

import pytest

from mt2st.training.ranks import restart
from mt2st.training.ranks.restart import NOTE, find_own_run, launcher, note_launcher
from mt2st.training.run_directory import RunDirectory


@pytest.fixture
def life(monkeypatch, tmp_path):
    """Set which life this process says it is in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")

    def begin(number):
        monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", str(number))

    return begin


@pytest.fixture
def noted():
    """Make a run directory with a note of the launcher, maybe changed."""

    def make(path, **changed):
        Path(path).mkdir(parents=True)
        note_launcher(RunDirectory(Path(path)))
        note = Path(path, NOTE)
        note.write_text(json.dumps({**json.loads(note.read_text()), **changed}))

    return make


def test_without_torchrun_nothing_is_noted_and_nothing_found(monkeypatch, tmp_path):
    monkeypatch.delenv("TORCHELASTIC_RESTART_COUNT", raising=False)
    note_launcher(RunDirectory(tmp_path))
    assert not list(tmp_path.iterdir())
    assert launcher() is None and find_own_run(tmp_path) is None


@pytest.mark.parametrize("out", [None, "runs/b-002"])
def test_a_later_life_finds_the_run_of_its_launcher_and_a_first_life_none(life, noted, out):
    life(0)
    noted("runs/a-001", process=os.getppid() + 1)
    noted("runs/b-002")
    out = out and Path(out)
    assert find_own_run(out) is None
    life(1)
    assert find_own_run(out) == RunDirectory(Path("runs/b-002"))
    life(2)
    assert find_own_run(out) == RunDirectory(Path("runs/b-002"))


@pytest.mark.parametrize("field", ["run", "host", "process", "started"])
def test_a_run_of_another_launcher_is_not_taken_up(life, noted, field):
    """Not even where its process number has been given to this one's launcher since."""
    life(0)
    noted("runs/a-001", **{field: "another"})
    life(1)
    assert find_own_run(None) is None and find_own_run(Path("runs/a-001")) is None


def test_a_folder_without_a_note_or_with_half_of_one_is_not_taken_up(life, noted):
    life(0)
    noted("runs/a-001")
    Path("runs/a-001", NOTE).write_text('{"run": "no')
    Path("old").mkdir()
    life(1)
    assert find_own_run(None) is None and find_own_run(Path("old")) is None


def test_the_moment_a_process_started_tells_it_from_others():
    found = restart._started(os.getpid())
    if not Path("/proc/self/stat").exists():
        assert found is None
        return
    ticks = int(found.rpartition("/")[2])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert 0 <= uptime - ticks / os.sysconf("SC_CLK_TCK") < 24 * 3600
    assert found == restart._started(os.getpid())
    assert restart._started(2**22 + 1) is None
