from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mt2st.datasets import archive as archive_module
from mt2st.datasets.archive import read_member, unpack
from mt2st.datasets.registry import PinnedFile
from mt2st.errors import FetchError


def link(name: str, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def test_unpack_reads_every_file(toy) -> None:
    assert unpack(toy.source, toy.sdist) == {"film.txt": b"1\t2.5\tgood\r\n2\t-1\tbad", "tweets.txt": b"1\t0.5\thello"}


def test_a_wrong_hash_is_refused_before_anything_is_opened(toy, monkeypatch) -> None:
    def opened(*args, **kwargs):
        raise AssertionError("an unverified archive was opened")

    monkeypatch.setattr(archive_module.tarfile, "open", opened)
    with pytest.raises(FetchError, match=r"toy-1\.0\.tar\.gz is not the file that mt2st pins: expected"):
        unpack(toy.source, toy.sdist + b"!")


def test_a_wrong_inner_archive_is_refused(toy) -> None:
    wrong = replace(toy.source, archive=replace(toy.source.archive, sha256="0" * 64))
    with pytest.raises(FetchError, match=r"toy-1\.0/data\.tar\.gz is not the file"):
        unpack(wrong, toy.sdist)


def test_a_wrong_file_is_refused(toy) -> None:
    files = (replace(toy.source.files[0], sha256="0" * 64), toy.source.files[1])
    with pytest.raises(FetchError, match=r"data/film\.txt is not the file"):
        unpack(replace(toy.source, files=files), toy.sdist)


def test_members_that_climb_out_are_ignored(toy_maker: Callable, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    outside = tmp_path.parent / "climbed.txt"
    evil = {
        "../climbed.txt": b"x",
        str(outside): b"x",
        "data/../../climbed.txt": b"x",
        "data/l": link("data/l", "/etc"),
    }
    toy = toy_maker(evil)
    assert set(unpack(toy.source, toy.sdist)) == {"film.txt", "tweets.txt"}
    assert not outside.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed(toy_maker: Callable) -> None:
    toy = toy_maker({"data/link.txt": link("data/link.txt", "film.txt")})
    inner = read_member(toy.sdist, toy.source.archive.name, toy.source.archive)
    with pytest.raises(FetchError, match="not the plain file"):
        read_member(inner, "data/link.txt", replace(toy.source.files[0], bytes=0))


def test_a_member_of_another_size_is_not_read(toy) -> None:
    with pytest.raises(FetchError, match="not the plain file of 5 bytes"):
        read_member(toy.sdist, "toy-1.0/setup.py", PinnedFile("setup.py", 5, ""))


@pytest.mark.parametrize("cut", [0, 10, 100])
def test_broken_archives_give_a_fetch_error(toy, cut: int) -> None:
    with pytest.raises(FetchError, match=r"no readable member toy-1\.0/data\.tar\.gz"):
        read_member(toy.sdist[:cut], "toy-1.0/data.tar.gz", toy.source.archive)


def test_a_missing_member_is_named(toy) -> None:
    with pytest.raises(FetchError, match=r"no readable member toy-1\.0/other"):
        read_member(toy.sdist, "toy-1.0/other", PinnedFile("other", 1, ""))
