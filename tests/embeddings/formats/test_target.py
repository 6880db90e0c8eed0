"""Where vectors are written: beside their place, but for what is no file."""

import os
import stat
import sys
from threading import Thread

import pytest

from mt2st.embeddings.formats import load_vectors, save_vectors
from mt2st.errors import ConfigError


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files there")
def test_a_pipe_is_written_and_stays_one(tmp_path, plain):
    pipe, read = tmp_path / "a.txt", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    save_vectors(plain, pipe)
    reader.join(10)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    save_vectors(plain, tmp_path / "b.txt")
    assert read == [(tmp_path / "b.txt").read_bytes()]


def test_a_link_stays_one(tmp_path, plain):
    (tmp_path / "elsewhere").mkdir()
    link, place = tmp_path / "a.npz", tmp_path / "elsewhere/b.npz"
    link.symlink_to(place)
    for _ in range(2):
        save_vectors(plain, link)
        assert link.is_symlink() and load_vectors(place).index_to_key == plain.index_to_key
    assert len(list(tmp_path.rglob("*"))) == 3


def test_a_folder_is_refused_and_stays_empty(tmp_path, plain):
    with pytest.raises(ConfigError, match=r"cannot write .*\(Is a directory\)"):
        save_vectors(plain, tmp_path, format="numpy")
    assert not list(tmp_path.iterdir())
