"""Hashes of a run's input files, so that resuming with changed data is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from mt2st.datasets import DATASETS
from mt2st.errors import CheckpointError, listed
from mt2st.training.settings import Settings


def fingerprints(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each file that the settings name.

    Named data sets are left out, as they are verified when fetched, and so are pipes, which can be read only once.
    """
    found = {}
    for path in dict.fromkeys(_named(settings)):
        if path not in DATASETS and Path(path).is_file():
            with Path(path).open("rb") as file:
                found[path] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def check_same_data(begun_with: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Refuse data that has changed since a run began; runs of earlier versions, without hashes, pass.

    Raises
    ------
    CheckpointError
        Naming the files that differ.

    Examples
    --------
    >>> check_same_data({"a.tsv": "12", "b.tsv": "34"}, {"a.tsv": "12", "b.tsv": "56"})
    Traceback (most recent call last):
    mt2st.errors.CheckpointError: b.tsv: changed since the run began: put it back, or start a new run without --resume
    """
    changed = [path for path, mark in now.items() if begun_with.get(path, mark) != mark]
    if changed:
        remedy = "put it back, or start a new run without --resume"
        raise CheckpointError(f"{listed(changed)}: changed since the run began: {remedy}")


def _named(settings: Settings) -> Iterator[str]:
    primary, helping = settings.primary, settings.auxiliary.values()
    single = (primary.data, primary.development_data, primary.test_data, settings.model.vectors)
    yield from filter(None, (*single, *(auxiliary.target_vectors for auxiliary in helping)))
    for auxiliary in helping:
        yield from [auxiliary.data] if isinstance(auxiliary.data, str) else auxiliary.data
