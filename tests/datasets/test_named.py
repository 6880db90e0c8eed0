from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mt2st.datasets import available, fetch, load_rated, named, path_of, read_lines
from mt2st.datasets.fetch import cached_file
from mt2st.datasets.registry import DATASETS, Dataset
from mt2st.errors import DataError


@pytest.fixture
def toy_set(toy, cache: Path, monkeypatch):
    def with_toy_download(source, file, *, name):
        return cached_file(source, file, name=name, download=toy.download)

    monkeypatch.setattr(named, "cached_file", with_toy_download)
    dataset = Dataset("toy", "made-up sentences", "rated", 2, "MIT", toy.source.files[0], toy.source)
    monkeypatch.setitem(DATASETS, "toy", dataset)
    return toy


def test_load_rated_fetches_and_parses(toy_set) -> None:
    assert [(row.document, row.rating, row.text) for row in load_rated("toy")] == [("1", 2.5, "good"), ("2", -1, "bad")]
    load_rated("toy")
    assert fetch("toy") == path_of("toy")
    assert len(toy_set.calls) == 1


def test_available_follows_the_cache_and_downloads_nothing(toy_set) -> None:
    before = {status.name: status for status in available()}["toy"]
    assert not before.cached
    assert toy_set.calls == []
    fetch("toy")
    after = {status.name: status for status in available()}["toy"]
    assert after.cached
    assert (after.rows, after.licence, after.bytes, after.source) == (2, "MIT", 20, "toy 1.0")


def test_the_wrong_reader_names_the_right_sets(cache: Path) -> None:
    with pytest.raises(DataError, match="load_rated reads film, products, tweets, editorials; 'wikipedia' holds"):
        load_rated("wikipedia")
    with pytest.raises(DataError, match="read_lines reads wikipedia; 'analogies' holds"):
        read_lines("analogies")  # at the call, not at the first line


def test_unknown_names(cache: Path) -> None:
    for function in (load_rated, read_lines, path_of, fetch):
        with pytest.raises(DataError, match="did you mean 'film'"):
            function("flim")


def test_importing_is_light() -> None:
    heavy = "{'numpy', 'gensim', 'torch', 'numba', 'xml.etree.ElementTree'}"
    program = f"import sys, mt2st.datasets; raise SystemExit(', '.join({heavy} & set(sys.modules)) or 0)"
    # Only mt2st.errors is below this layer; a parent package that imports more must do so lazily.
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
