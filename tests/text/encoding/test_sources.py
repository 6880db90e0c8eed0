import os

import pytest

from mt2st.errors import DataError
from mt2st.text.encoding import sources_of
from mt2st.text.encoding.sources import are_files, fingerprint


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.txt", "c.md", "a[1].txt"):
        (tmp_path / name).write_text("to be")
    (tmp_path / "folder.txt").mkdir()
    return tmp_path


def names(source):
    return [path.name for path in sources_of(source)]


def test_paths_patterns_and_lists(folder):
    assert names(folder / "c.md") == names(str(folder / "c.md")) == ["c.md"]
    assert names(str(folder / "*.txt")) == ["a.txt", "a[1].txt", "b.txt"]
    assert names([folder / "c.md", str(folder / "?.txt")]) == ["c.md", "a.txt", "b.txt"]


def test_a_name_with_brackets_is_a_name_first(folder):
    assert names(str(folder / "a[1].txt")) == ["a[1].txt"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.txt", r"none\.txt: there is no such file: check the path$"),
        ("a cat sat", "there is no such file: check the path, or give a sentence as the list of its words"),
        ("*.csv", r"\*\.csv: the pattern matches no file: check it"),
        ("fold*.txt", "the pattern matches no file"),
        ("folder.txt", r"folder\.txt: this is a folder: name its files, e\.g\. .*folder\.txt/\*\.txt"),
    ],
)
def test_what_names_no_file(folder, name, words):
    with pytest.raises(DataError, match=words):
        sources_of([folder / "a.txt", str(folder / name)])


@pytest.mark.parametrize("name", ["pipe", "-"])
def test_pipes_are_told_to_become_files(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(DataError, match=f"^{name}: a run on a pipe or a device cannot be resumed: write the text to a"):
        sources_of(name)


def test_an_empty_list():
    with pytest.raises(DataError, match="no file is named: pass a path"):
        sources_of([])


def test_files_are_told_from_token_lists(tmp_path):
    assert are_files("a") and are_files(tmp_path) and are_files([tmp_path, "b"])
    assert not are_files([["a"]]) and not are_files(iter("a")) and not are_files([])


def test_a_fingerprint_changes_with_size_time_and_name(folder):
    path = folder / "a.txt"
    first = fingerprint([path])
    assert first == fingerprint([path]) != fingerprint([folder / "b.txt"])
    path.write_text("to be or")
    assert first != fingerprint([path])
