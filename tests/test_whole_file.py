"""Files put in their place whole."""

import os
import stat
import subprocess
import sys
from threading import Barrier, Thread

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


def test_a_killed_write_leaves_no_file_under_the_final_name(tmp_path):
    program = (
        "import os, pathlib, sys\n"
        "from mt2st.whole_file import write_whole\n"
        "pathlib.Path.replace = lambda *_: os._exit(9)\n"
        "write_whole(pathlib.Path(sys.argv[1]), b'data')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(tmp_path / "a.txt")]
    assert subprocess.run(command, env=environment).returncode == 9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".a.txt.")


def test_writers_at_once_leave_one_whole_file(tmp_path):
    target, contents = tmp_path / "a.txt", [bytes([65 + n]) * 200_000 for n in range(4)]
    start, seen = Barrier(len(contents) + 1), set()

    def write(data):
        start.wait()
        for _ in range(5):
            write_whole(target, data)

    threads = [Thread(target=write, args=(data,)) for data in contents]
    for thread in threads:
        thread.start()
    start.wait()
    while any(thread.is_alive() for thread in threads):
        if target.exists():
            seen.add(target.read_bytes())
    for thread in threads:
        thread.join()
    assert seen <= set(contents)
    assert target.read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
