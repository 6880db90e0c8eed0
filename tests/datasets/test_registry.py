from __future__ import annotations

import re

import pytest

from mt2st.datasets.registry import DATASETS, VADER, Dataset, PinnedFile, SourceDistribution, dataset_named
from mt2st.errors import DataError

NAMES = ["film", "products", "tweets", "editorials", "analogies", "wordsim353", "simlex999", "wikipedia"]


def test_the_names() -> None:
    assert list(DATASETS) == NAMES


def test_the_rated_sets_hold_23703_sentences() -> None:
    assert sum(dataset.rows for dataset in DATASETS.values() if dataset.kind == "rated") == 23_703


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=NAMES)
def test_every_entry_is_whole(dataset: Dataset) -> None:
    assert dataset.title
    assert dataset.licence
    assert dataset.rows > 0
    if isinstance(dataset.source, SourceDistribution):
        assert dataset.file in dataset.source.files


@pytest.mark.parametrize(
    "file", [VADER.sdist, VADER.archive, *(d.file for d in DATASETS.values())], ids=lambda f: f.name
)
def test_every_file_is_pinned(file: PinnedFile) -> None:
    assert file.bytes > 0
    assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)


def test_no_two_files_are_pinned_alike() -> None:
    assert len({dataset.file.sha256 for dataset in DATASETS.values()}) == len(DATASETS)


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match="no data set 'tweet'; did you mean 'tweets'"):
        dataset_named("tweet")
    with pytest.raises(DataError, match="known: film, products"):
        dataset_named("zzzz")
