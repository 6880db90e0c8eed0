from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mt2st.datasets.fetch import cache_path, cached_file, fetch_source, is_cached
from mt2st.errors import FetchError, MissingExtraError


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_one_download_stores_every_file(toy, cache: Path) -> None:
    film, tweets = toy.source.files
    assert not is_cached(toy.source, film)
    path = cached_file(toy.source, film, name="film", download=toy.download)
    assert path == cache / "datasets" / "toy-1.0" / "film.txt"
    assert names(cache) == ["datasets/toy-1.0/film.txt", "datasets/toy-1.0/tweets.txt"]
    assert is_cached(toy.source, tweets)
    cached_file(toy.source, tweets, name="tweets", download=toy.download)
    assert len(toy.calls) == 1
    assert not toy.calls[0].exists()  # the scratch folder


def test_the_hash_is_checked_on_every_load(toy, cache: Path, no_network) -> None:
    film = toy.source.files[0]
    path = cached_file(toy.source, film, name="film", download=toy.download)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"!")  # the same size
    assert not is_cached(toy.source, film)
    with pytest.raises(FetchError) as caught:
        cached_file(toy.source, film, name="film", download=no_network)
    for words in (str(path), f"expected SHA-256 {film.sha256}, found ", "fetching it again failed", "data fetch film"):
        assert words in str(caught.value)


def test_a_damaged_file_is_fetched_again_once(toy, cache: Path, caplog) -> None:
    film = toy.source.files[0]
    path = cached_file(toy.source, film, name="film", download=toy.download)
    path.write_bytes(b"cut")
    with caplog.at_level(logging.WARNING):
        assert cached_file(toy.source, film, name="film", download=toy.download) == path
    assert "fetching it again" in caplog.text
    assert is_cached(toy.source, film)
    assert len(toy.calls) == 2


def test_a_wrong_download_changes_nothing(toy, cache: Path) -> None:
    with pytest.raises(FetchError, match=r"toy-1\.0\.tar\.gz is not the file that mt2st pins"):
        cached_file(toy.source, toy.source.files[0], name="film", download=lambda source, folder: b"evil")
    assert names(cache) == []


def test_one_wrong_file_stores_none(toy, cache: Path) -> None:
    film, tweets = toy.source.files
    source = replace(toy.source, files=(film, replace(tweets, sha256="0" * 64)))
    with pytest.raises(FetchError, match=r"data/tweets\.txt"):
        fetch_source(source, download=toy.download)
    assert names(cache) == []


def test_no_network_and_no_cache_says_what_to_do(toy, cache: Path, no_network) -> None:
    with pytest.raises(FetchError) as caught:
        cached_file(toy.source, toy.source.files[0], name="film", download=no_network)
    assert str(caught.value) == (
        "could not fetch 'film': `pip download --no-deps --require-hashes toy==1.0`: pip failed with exit code 1\n"
        "    pip said:\n"
        "    ERROR: No matching distribution found\n"
        "What to do, one of:\n"
        "  - check the network, or the mirror or proxy that pip is set up with, then `mt2st data fetch film`;\n"
        f"  - copy the cache folder {cache} from a machine that has it (MT2ST_CACHE names another folder);\n"
        "  - use a file of your own: `mt2st train --data PATH`."
    )


def test_offline_forbids_the_download_but_not_the_cache(toy, cache: Path, monkeypatch) -> None:
    film = toy.source.files[0]
    monkeypatch.setenv("MT2ST_OFFLINE", "1")
    with pytest.raises(FetchError, match=r"MT2ST_OFFLINE forbids the download of toy 1\.0: unset it"):
        cached_file(toy.source, film, name="film", download=toy.download)
    assert toy.calls == []
    monkeypatch.setenv("MT2ST_OFFLINE", "0")
    path = cached_file(toy.source, film, name="film", download=toy.download)
    monkeypatch.setenv("MT2ST_OFFLINE", "1")
    assert cached_file(toy.source, film, name="film", download=toy.download) == path


def test_a_cache_that_cannot_be_written_is_told_before_the_download(toy, cache: Path) -> None:
    cache.write_text("a file in the way")
    with pytest.raises(FetchError, match="set MT2ST_CACHE to a folder that you can write to"):
        cached_file(toy.source, toy.source.files[0], name="film", download=toy.download)
    assert toy.calls == []


def test_a_missing_extra_stays_one(toy, cache: Path) -> None:
    def download(source, folder):
        raise MissingExtraError("fetching toy 1.0", extra="data")

    film = toy.source.files[0]
    with pytest.raises(MissingExtraError, match=r"mt2st\[data\]"):
        cached_file(toy.source, film, name="film", download=download)
    cache_path(toy.source, film).write_bytes(b"cut")
    with pytest.raises(MissingExtraError) as caught:
        cached_file(toy.source, film, name="film", download=download)
    assert film.sha256 in caught.value.__notes__[0]


def test_two_fetches_at_once(toy, cache: Path) -> None:
    film, both = toy.source.files[0], threading.Barrier(2)
    paths: list[Path] = []

    def download(source, folder):
        both.wait(timeout=10)
        return toy.sdist

    def load() -> None:
        paths.append(cached_file(toy.source, film, name="film", download=download))

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert paths == [cache_path(toy.source, film)] * 2
    assert is_cached(toy.source, film)
    assert names(cache) == ["datasets/toy-1.0/film.txt", "datasets/toy-1.0/tweets.txt"]
