"""The real sets, out of the user's cache or the network; skipped where neither has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from mt2st.datasets import DATASETS, load_rated, path_of, read_lines
from mt2st.errors import FetchError, MissingExtraError

T = TypeVar("T")
RATED = {  # sentences, documents
    "film": (10_605, 10_605),
    "products": (3_708, 300),
    "tweets": (4_200, 4_200),
    "editorials": (5_190, 498),
}


def at_hand(function: Callable[[str], T], name: str) -> T:
    try:
        return function(name)
    except (FetchError, MissingExtraError) as error:
        if "is not the file that mt2st pins" in str(error) or "DO NOT MATCH THE HASHES" in str(error):
            raise  # the pins are wrong, or what is published has changed
        pytest.skip(f"'{name}' is neither at hand nor to be fetched: {error}")


@pytest.mark.parametrize("name", RATED)
def test_rated_sets(name: str) -> None:
    rows = at_hand(load_rated, name)
    assert (len(rows), len({row.document for row in rows})) == RATED[name]
    assert len(rows) == DATASETS[name].rows
    assert path_of(name).stat().st_size == DATASETS[name].file.bytes


def test_all_rated_sets_have_23703_rows() -> None:
    assert sum(len(at_hand(load_rated, name)) for name in RATED) == 23_703


def test_the_first_film_sentence() -> None:
    row = at_hand(load_rated, "film")[2]
    assert (row.document, row.rating, row.text, row.line) == ("3", -0.6, "Effective but too tepid biopic", 3)


@pytest.mark.parametrize(("name", "header"), [("analogies", ":"), ("wordsim353", "#"), ("simlex999", "#")])
def test_lists_have_the_rows_that_are_listed(name: str, header: str) -> None:
    path: Path = at_hand(path_of, name)
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(header)]
    assert len(rows) == DATASETS[name].rows


def test_wikipedia_is_450_000_words_of_plain_text() -> None:
    lines = list(at_hand(read_lines, "wikipedia"))
    assert len(lines) == DATASETS["wikipedia"].rows
    assert 450_000 <= sum(len(line.split()) for line in lines) < 453_000
    assert not any(mark in line for line in lines for mark in ("[[", "]]", "{{", "}}", "<ref", "''"))
