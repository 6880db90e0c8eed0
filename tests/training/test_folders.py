"""A folder is replaced whole: whatever ends it, the old one or the new one is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mt2st.errors import DataError
from mt2st.training import folders
from mt2st.training.folders import replaced_folder, restored_folder


def put(folder, text):
    with replaced_folder(folder, "mark", "model") as aside:
        (aside / "mark").write_text(text)


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_folder_is_made_and_replaced_and_nothing_is_left_beside(tmp_path):
    folder = tmp_path / "deep" / "model"
    put(folder, "one")
    (folder / "stale").write_text("of the old one")
    put(folder, "two")
    assert content(folder) == {"mark": "two"}
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_files_are_on_the_disk_before_the_folder_takes_its_place(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(folders.os, "fsync", lambda _: done.append("sync"))
    monkeypatch.setattr(folders, "sync_folder", lambda path: done.append(path.name[:6]))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda *names: (done.append("rename"), replace(*names))[1])
    put(tmp_path / "model", "one")
    assert done == ["sync", ".model", "rename", tmp_path.name[:6]]


def test_what_fails_while_it_is_written_leaves_the_old_one(tmp_path):
    put(tmp_path / "model", "one")
    with pytest.raises(RuntimeError, match="no room"), replaced_folder(tmp_path / "model", "mark", "model") as aside:
        (aside / "mark").write_text("half")
        raise RuntimeError("no room")
    assert content(tmp_path / "model") == {"mark": "one"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("renames", [0, 1])
def test_a_crash_between_renames_is_mended_by_the_next_who_reads_or_writes(tmp_path, monkeypatch, renames):
    folder = tmp_path / "model"
    put(folder, "one")
    left, replace = [renames], Path.replace

    def crashing(path, target):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", crashing)
    with pytest.raises(KeyboardInterrupt):
        put(folder, "two")
    monkeypatch.setattr(Path, "replace", replace)
    assert folder.exists() == (renames == 0)
    assert content(restored_folder(folder)) == {"mark": "one"}
    put(folder, "three")
    assert content(folder) == {"mark": "three"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_other_files_are_not_replaced(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    for path in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(DataError, match="holds other files: give an empty folder, or one with a model"):
            put(path, "one")
    assert content(tmp_path) == {"letter.txt": "dear"}
    (tmp_path / "empty").mkdir()
    put(tmp_path / "empty", "one")
    assert content(tmp_path / "empty") == {"mark": "one"}


def test_after_a_crash_the_old_one_is_back_before_another_is_written(tmp_path):
    put(tmp_path / "model", "one")
    (tmp_path / "model").replace(tmp_path / ".model.before")
    with pytest.raises(RuntimeError, match="no room"), replaced_folder(tmp_path / "model", "mark", "model"):
        raise RuntimeError("no room")
    assert content(tmp_path / "model") == {"mark": "one"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
