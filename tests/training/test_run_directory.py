import os
from pathlib import Path

import pytest

from mt2st.errors import ConfigError
from mt2st.training.run_directory import RunDirectory, make_next
from mt2st.training.settings import parse_settings


@pytest.fixture
def settings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return parse_settings({"primary": {"name": "my set/é"}, "training": {"seed": 7}})


def test_runs_are_numbered(settings, tmp_path):
    paths = [str(RunDirectory.create(None, settings).path) for _ in range(2)]
    assert paths == ["runs/my-set-é-switch-001", "runs/my-set-é-switch-002"]
    (tmp_path / "runs/my-set-é-switch-041").mkdir()
    assert RunDirectory.create(None, settings).path.name == "my-set-é-switch-042"
    assert make_next("my set/é-compare").name == "my-set-é-compare-001"


def test_the_settings_are_stored(settings, tmp_path):
    assert RunDirectory.create(tmp_path / "a" / "b", settings).settings() == settings


def test_a_folder_with_something_in_it_is_refused(settings, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("x")
    with pytest.raises(ConfigError, match="full exists and is not empty: continue it with --resume"):
        RunDirectory.create(tmp_path / "full", settings)
    with pytest.raises(ConfigError, match=r"thesis\.tex exists and is not empty"):
        RunDirectory.create(tmp_path / "full" / "thesis.tex", settings)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.tex"]


def test_an_empty_folder_is_used(settings, tmp_path):
    (tmp_path / "empty").mkdir()
    assert RunDirectory.create(tmp_path / "empty", settings).config.is_file()


def test_a_folder_that_cannot_be_made_is_an_error(settings, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"cannot write to .*give another folder with --out"):
        RunDirectory.create(tmp_path / "file" / "run", settings)


@pytest.mark.parametrize("existed", [False, True])
def test_what_fails_before_its_first_checkpoint_leaves_the_folder_as_it_was(settings, tmp_path, existed):
    folder = tmp_path / "run"
    if existed:
        folder.mkdir()
    with pytest.raises(MemoryError), RunDirectory.begun(folder, settings) as run:
        (run.checkpoints / ".step-000000000.1").mkdir(parents=True)
        run.metrics.write_text("")
        raise MemoryError
    assert list(tmp_path.glob("run*")) == [folder] * existed
    assert list(tmp_path.glob("run/*")) == []


def test_what_fails_after_its_first_checkpoint_is_kept(settings, tmp_path):
    with pytest.raises(MemoryError), RunDirectory.begun(tmp_path / "run", settings) as run:
        (run.checkpoints / "step-000000000").mkdir(parents=True)
        raise MemoryError
    assert run.checkpoints.joinpath("step-000000000").is_dir()
    assert run.settings() == settings


def test_the_newest_run_is_found_and_no_comparison(settings, tmp_path):
    first, second = (RunDirectory.create(None, settings) for _ in range(2))
    third = RunDirectory.create(tmp_path / "runs/compared", settings)
    (third.path / "comparison.json").write_text("{}")
    for run, when in ((first, 200), (second, 100), (third, 300)):
        os.utime(run.config, (when, when))
    assert RunDirectory.find(None).path == first.path
    assert RunDirectory.find(second.path).path == second.path


def test_a_comparison_is_no_run_to_resume(settings, tmp_path):
    compared = RunDirectory.create(tmp_path / "compared", settings)
    (compared.path / "comparison.json").write_text("{}")
    with pytest.raises(ConfigError, match="compared holds a comparison, not a run to resume: check --out"):
        RunDirectory.find(compared.path)


def test_of_two_that_begin_at_once_each_gets_a_folder_of_its_own(settings, monkeypatch):
    RunDirectory.create(None, settings)
    glob = Path.glob

    def just_before(folder, pattern):
        found = list(glob(folder, pattern))
        monkeypatch.setattr(Path, "glob", glob)
        paths.append(RunDirectory.create(None, settings).path.name)
        return found

    paths = []
    monkeypatch.setattr(Path, "glob", just_before)
    paths.append(RunDirectory.create(None, settings).path.name)
    assert paths == ["my-set-é-switch-002", "my-set-é-switch-003"]


def test_no_run_to_resume_is_an_error(settings, tmp_path):
    with pytest.raises(ConfigError, match=r"no run under runs/ to resume: give its folder with --out"):
        RunDirectory.find(None)
    with pytest.raises(ConfigError, match=r"holds no run to resume \(no config\.toml\)"):
        RunDirectory.find(tmp_path)
