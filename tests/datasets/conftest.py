"""A made-up source distribution, and a cache folder of the test's own."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mt2st.datasets.registry import PinnedFile, SourceDistribution
from mt2st.errors import FetchError

FILM = b"1\t2.5\tgood\r\n2\t-1\tbad"
TWEETS = b"1\t0.5\thello"
SETUP = "from setuptools import setup\nsetup(name='toy', version='1.0')\n"


def pin(name: str, data: bytes) -> PinnedFile:
    return PinnedFile(name, len(data), hashlib.sha256(data).hexdigest())


def tar_of(members: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@dataclass
class Toy:
    """A source distribution of two files, and a download of it that counts its calls."""

    source: SourceDistribution
    sdist: bytes
    calls: list[Path] = field(default_factory=list)

    def download(self, source: SourceDistribution, folder: Path) -> bytes:
        self.calls.append(folder)
        return self.sdist


def make_toy(extra: Mapping[str, bytes | tarfile.TarInfo] | None = None, *, setup: str = SETUP) -> Toy:
    archive = tar_of({**(extra or {}), "data/film.txt": FILM, "data/tweets.txt": TWEETS})
    metadata = b"Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n"
    members = {"toy-1.0/PKG-INFO": metadata, "toy-1.0/setup.py": setup.encode(), "toy-1.0/data.tar.gz": archive}
    sdist = tar_of(members)
    files = (pin("film.txt", FILM), pin("tweets.txt", TWEETS))
    pinned, inner = pin("toy-1.0.tar.gz", sdist), pin("toy-1.0/data.tar.gz", archive)
    return Toy(SourceDistribution("toy", "1.0", pinned, inner, "data", files), sdist)


@pytest.fixture
def toy() -> Toy:
    return make_toy()


@pytest.fixture
def toy_maker() -> Callable[..., Toy]:
    return make_toy


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MT2ST_CACHE", str(folder))
    monkeypatch.delenv("MT2ST_OFFLINE", raising=False)
    return folder


@pytest.fixture
def no_network() -> Callable[..., bytes]:
    def download(source: SourceDistribution, folder: Path) -> bytes:
        raise FetchError("pip failed with exit code 1\n    pip said:\n    ERROR: No matching distribution found")

    return download
