"""A folder is replaced whole: whatever ends it, the old one or the new one is there."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mt2st.errors import DataError
from mt2st.training import folders
from mt2st.training.folder_kind import FolderKind
from mt2st.training.folders import replaced_folder, restored_folder

MODEL = FolderKind("model", "mark", frozenset({"mark", "more"}))


def put(folder, text, *names):
    with replaced_folder(folder, MODEL) as aside:
        for name in ("mark", *names):
            (aside / name).write_text(json.dumps({"kind": "model", "text": text}))


def content(folder):
    return {path.name: json.loads(path.read_text())["text"] for path in folder.iterdir()}


def test_a_folder_is_made_and_replaced_and_nothing_is_left_beside(tmp_path):
    folder = tmp_path / "deep" / "model"
    put(folder, "one", "more")
    assert content(folder) == {"mark": "one", "more": "one"}
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
    with pytest.raises(RuntimeError, match="no room"), replaced_folder(tmp_path / "model", MODEL) as aside:
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
    with pytest.raises(DataError, match=r"holds other files \(letter.txt\): give an empty folder, or one with a model"):
        put(tmp_path, "one")
    with pytest.raises(DataError, match=r"letter.txt: this is a file: give a folder"):
        put(tmp_path / "letter.txt", "one")
    assert (tmp_path / "letter.txt").read_text() == "dear"
    (tmp_path / "empty").mkdir()
    put(tmp_path / "empty", "one")
    assert content(tmp_path / "empty") == {"mark": "one"}


def test_after_a_crash_the_old_one_is_back_before_another_is_written(tmp_path):
    put(tmp_path / "model", "one")
    (tmp_path / "model").replace(tmp_path / ".model.before")
    with pytest.raises(RuntimeError, match="no room"), replaced_folder(tmp_path / "model", MODEL):
        raise RuntimeError("no room")
    assert content(tmp_path / "model") == {"mark": "one"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("found", ["[]", "{", '{"kind": "tree"}', '{"text": "model"}'])
def test_a_file_of_the_name_is_not_enough(tmp_path, found):
    (tmp_path / "mark").write_text(found)
    with pytest.raises(DataError, match=r"holds other files \(mark\)"):
        put(tmp_path, "one")
    assert (tmp_path / "mark").read_text() == found


@pytest.mark.parametrize("name", ["notes.txt", "more"])
def test_what_was_put_beside_a_model_is_not_lost(tmp_path, name):
    folder = tmp_path / "model"
    put(folder, "one")
    (folder / name).mkdir() if name == "more" else (folder / name).write_text("mine")
    with pytest.raises(DataError, match=f"holds {name} beside a model, and would lose it: move it, or give another"):
        put(folder, "two")
    assert (folder / name).exists() and json.loads((folder / "mark").read_text())["text"] == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_what_comes_in_while_it_is_written_is_not_lost(tmp_path):
    folder = tmp_path / "model"
    put(folder, "one")
    with pytest.raises(DataError, match=r"holds notes\.txt"), replaced_folder(folder, MODEL) as aside:
        (aside / "mark").write_text("{}")
        (folder / "notes.txt").write_text("mine")
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    put(tmp_path / "real" / "model", "one")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real" / "model")
    put(link, "two")
    (tmp_path / "new").symlink_to(tmp_path / "later")
    put(tmp_path / "new", "three")
    assert link.is_symlink() and content(tmp_path / "real" / "model") == content(link) == {"mark": "two"}
    assert content(tmp_path / "later") == {"mark": "three"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["later", "link", "new", "real"]
    (tmp_path / "real" / "model").replace(tmp_path / "real" / ".model.before")
    assert content(restored_folder(link)) == {"mark": "two"}


@pytest.mark.parametrize("name", [".", "", "..", "/"])
def test_the_folder_worked_in_stays(tmp_path, monkeypatch, name):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(DataError, match="this is, or holds, the working directory: give a folder in it"):
        put(Path(name), "one")
    assert not [*tmp_path.glob("*/*")]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/proc/x", "/proc/x: cannot write there ("),
        ("letter/x", "letter/x: cannot write there (Not a dir"),
        ("letter/x/y", "letter/x/y: cannot write there (Not a dir"),
        ("x" * 300, "xxx: cannot write there (File name too long)"),
        ("x\0y", "no name for a folder (embedded null byte)"),
        ("x\ud800", "no name for a folder"),
    ],
)
def test_what_cannot_be_written_is_told(tmp_path, monkeypatch, name, says):
    monkeypatch.chdir(tmp_path)
    Path("letter").write_text("dear")
    with pytest.raises(DataError) as caught:
        put(Path(name), "one")
    assert says in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_no_room_is_told(tmp_path):
    with pytest.raises(DataError, match="model: cannot write there"), replaced_folder(tmp_path / "model", MODEL):
        raise OSError(28, "No space left on device")
    assert not [*tmp_path.iterdir()]


PUT_OFTEN = """
import pathlib, sys
from mt2st.training.folder_kind import FolderKind
from mt2st.training.folders import replaced_folder
for n in range(20):
    with replaced_folder(pathlib.Path(sys.argv[1]), FolderKind("model", "mark", frozenset({"mark", "more"}))) as aside:
        for name in ("mark", "more"):
            (aside / name).write_text('{"kind": "model", "text": "other %d"}' % n)
"""


def test_of_threads_and_processes_at_once_one_wins(tmp_path):
    folder = tmp_path / "model"
    with ThreadPoolExecutor(6) as threads:
        others = [subprocess.Popen([sys.executable, "-c", PUT_OFTEN, str(folder)]) for _ in range(2)]
        for done in [threads.submit(put, folder, f"{n}", "more") for n in range(60)]:
            done.result()
    assert [other.wait() for other in others] == [0, 0]
    assert content(folder).keys() == {"mark", "more"} and len(set(content(folder).values())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
