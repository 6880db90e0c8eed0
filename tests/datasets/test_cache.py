from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mt2st.datasets import cache as cache_module
from mt2st.datasets.cache import _user_cache, cache_folder, make_folder, store
from mt2st.errors import FetchError


def test_mt2st_cache_comes_first(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("MT2ST_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    monkeypatch.setenv("MT2ST_CACHE", "~/own")
    assert cache_folder() == tmp_path / "own"
    monkeypatch.setenv("MT2ST_CACHE", "")
    monkeypatch.setattr(cache_module.sys, "platform", "linux")
    assert cache_folder() == tmp_path / "xdg" / "mt2st"


def test_the_users_cache_folder_of_each_system(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Path, "home", classmethod(lambda cls: tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert _user_cache("linux") == tmp_path / ".cache"
    assert _user_cache("darwin") == tmp_path / "Library" / "Caches"
    assert _user_cache("win32") == tmp_path / "local"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert _user_cache("linux") == tmp_path / ".cache"


def test_no_home_folder_is_explained(monkeypatch) -> None:
    def homeless(cls: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("MT2ST_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", classmethod(homeless))
    with pytest.raises(FetchError, match="set MT2ST_CACHE"):
        cache_folder()


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchError, match=r"cannot write to the cache folder .*file.*: set MT2ST_CACHE to a folder"):
        make_folder(tmp_path / "file" / "datasets")


def test_a_folder_without_permission_is_explained(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(cache_module.os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(FetchError, match=r"Permission denied.*set MT2ST_CACHE"):
        make_folder(tmp_path)


def test_store_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    store(tmp_path / "a.txt", b"old")
    store(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch) -> None:
    store(tmp_path / "a.txt", b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache_module.os, "fsync", full)
    with pytest.raises(FetchError, match="No space left on device"):
        store(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_only_old_leftovers_are_dropped(tmp_path: Path) -> None:
    old, young = tmp_path / ".a.txt.0", tmp_path / ".a.txt.1"
    for part in (old, young):
        part.write_bytes(b"")
    os.utime(old, (time.time() - 90_000,) * 2)
    make_folder(tmp_path)
    assert list(tmp_path.iterdir()) == [young]
