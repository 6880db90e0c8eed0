"""Files put in their place whole."""

import os
import stat
import sys
from threading import Thread

import pytest

from mt2st.whole_file import write_whole


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files there")
def test_a_pipe_is_written_and_stays_one(tmp_path):
    pipe, read = tmp_path / "page.html", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_whole(pipe, b"page")
    reader.join(10)
    assert read == [b"page"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_stays_one_and_nothing_is_left_beside(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    write_whole(tmp_path / "a", b"page")
    assert (tmp_path / "a").is_symlink() and (tmp_path / "b").read_bytes() == b"page"
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, b"page")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_is_replaced_in_one_move(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_whole(path, b"old")
    found = []

    def die(descriptor):
        found.extend(each.read_bytes() for each in tmp_path.iterdir() if each != path)
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", die)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")
    assert found == [b"new"]
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]
