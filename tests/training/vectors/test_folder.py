"""The working folder."""

import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.training.vectors.folder import WorkFolder, work_folder


def test_vectors_that_were_best_only_later_are_removed(tmp_path):
    place = WorkFolder(tmp_path)
    for step in (90, 100, 1000):
        (place.best / f"step-{step:09d}").mkdir(parents=True)
    place.keep_best(100)
    assert sorted(path.name for path in place.best.iterdir()) == ["step-000000090", "step-000000100"]


def test_a_run_is_claimed_once_there_is_a_checkpoint(tmp_path):
    place = WorkFolder(tmp_path)
    assert not place.claim({"seed": 1}, resume=True)
    assert not place.claim({"seed": 2}, resume=True), "nothing was done yet that could be lost"
    place.checkpoints.mkdir()
    assert place.claim({"seed": 2}, resume=True)
    assert not place.claim({"seed": 2}, resume=False)
    assert not place.checkpoints.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"), work_folder(tmp_path / "file" / "work"):
        pass


@pytest.mark.parametrize("theirs", ["best/mine.txt", "checkpoint/epoch3/model.pt", "metrics.jsonl", "run.json"])
def test_files_of_others_are_not_removed(quick, text, tmp_path, theirs):
    file = tmp_path / theirs
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}")
    name = theirs.split("/")[0]
    with pytest.raises(ConfigError, match=rf"holds {name}, which no run of word vectors made .*pass another folder"):
        quick(text(100), folder=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert file.read_text() == "{}"


def test_a_folder_of_an_earlier_run_and_notes_beside_it_are_taken(quick, text_file, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (work / "notes.txt").write_text("mine")
    for _ in range(2):
        quick(text_file(100), folder=work, epochs=1)
    place = WorkFolder(work)
    place.remove()
    assert [path.name for path in work.rglob("*")] == ["notes.txt"]
    (work / "notes.txt").unlink()
    place.remove()
    assert not work.exists()


@pytest.mark.parametrize("content", [b"caf\xe9 cat\n" * 9, b"cat dog\n", b""])
def test_text_that_comes_to_nothing_leaves_no_folder(quick, tmp_path, content):
    (tmp_path / "text.txt").write_bytes(content)
    with pytest.raises(DataError):
        quick(tmp_path / "text.txt", folder=tmp_path / "work")
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]
