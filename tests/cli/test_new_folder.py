"""The folder that results of long work go to."""

import errno
import os
import sys

import pytest

from mt2st.cli import new_folder as module
from mt2st.cli.new_folder import new_folder
from mt2st.cli.options import check_folder
from mt2st.errors import ConfigError


@pytest.fixture(autouse=True)
def _here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("out", [None, "a/b"])
def test_it_goes_with_all_that_was_made_for_it_where_the_work_fails(tmp_path, out):
    with pytest.raises(KeyboardInterrupt), new_folder(out and tmp_path / out, "compared") as folder:
        assert folder.is_dir()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_or_holds_something_stays(tmp_path):
    (tmp_path / "empty").mkdir()
    for name, file in (("empty", None), ("begun", "half.json")):
        with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / name) as folder:
            if file:
                (folder / file).touch()
            raise KeyboardInterrupt
        assert folder.is_dir()


def test_one_that_was_begun_is_had_again_and_no_other(tmp_path):
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun/runs.jsonl").touch()
    with new_folder(tmp_path / "begun", begun="runs.jsonl") as folder:
        assert folder == tmp_path / "begun"
    for begun in ("other.jsonl", None):
        with pytest.raises(ConfigError, match="is not empty: give another --out"), new_folder(folder, begun=begun):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_it_is_one_process_s_at_a_time(tmp_path):
    again = pytest.raises(ConfigError, match=r"a is in use by .*process.*: wait for its end, or give another --out")
    with new_folder(tmp_path / "a"), again, new_folder(tmp_path / "a"):
        pass
    assert (tmp_path / "a").is_dir()


def test_a_folder_that_is_there_but_takes_no_file_is_told_at_once(tmp_path, monkeypatch):
    def refuse(**_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(module, "TemporaryFile", refuse)
    with pytest.raises(ConfigError, match=r"cannot write to .* \(Read-only file system\)"), new_folder(tmp_path / "a"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_while_it_is_made_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "TemporaryFile", interrupt)
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "a" / "b"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_be_written_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("mt2st.cli.options.os.access", lambda path, how: path != tmp_path)
    with pytest.raises(ConfigError, match=r"found\.json: the system does not allow it; give another path"):
        check_folder(tmp_path / "found.json")
    (tmp_path / "there.json").write_text("{}")
    check_folder(tmp_path / "there.json")
