from __future__ import annotations

from pathlib import Path

import pytest

from mt2st.datasets.hashes import check_bytes, damage, sha256_of
from mt2st.datasets.registry import PinnedFile
from mt2st.errors import FetchError

# FIPS 180-2, appendix B.1 and the well-known digest of nothing.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("data", "digest"), [(b"abc", ABC), (b"", EMPTY)])
def test_known_digests(tmp_path: Path, data: bytes, digest: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert sha256_of(path) == digest
    assert damage(path, PinnedFile("file", len(data), digest)) is None
    assert check_bytes(data, PinnedFile("file", len(data), digest), what="file") is data


def test_damage_names_file_expected_and_found(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert damage(path, PinnedFile("file", 3, EMPTY)) == (
        f"{path} is not the file that mt2st pins: expected SHA-256 {EMPTY}, found {ABC}"
    )


def test_what_cannot_be_read_is_damaged(tmp_path: Path) -> None:
    assert damage(tmp_path / "none", PinnedFile("none", 0, EMPTY)) == (
        f"{tmp_path / 'none'} cannot be read (No such file or directory)"
    )
    assert "cannot be read" in str(damage(tmp_path, PinnedFile("folder", 0, EMPTY)))


def test_check_bytes_refuses() -> None:
    with pytest.raises(FetchError, match=f"x: expected|expected SHA-256 {EMPTY}, found {ABC}"):
        check_bytes(b"abc", PinnedFile("x", 3, EMPTY), what="x")
