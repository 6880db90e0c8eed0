"""SHA-256 of fetched files, compared with those that this release pins."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mt2st.errors import FetchError

if TYPE_CHECKING:
    from pathlib import Path

    from mt2st.datasets.registry import PinnedFile


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, reading it in pieces.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "a.txt")
    ...     _ = path.write_bytes(b"abc")
    ...     sha256_of(path)[:8]
    'ba7816bf'
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damage(path: Path, pinned: PinnedFile) -> str | None:
    """Return why a file differs from the pinned one, or None if it is identical."""
    try:
        found = sha256_of(path)
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    return None if found == pinned.sha256 else _difference(str(path), pinned.sha256, found)


def check_bytes(data: bytes, pinned: PinnedFile, *, what: str) -> bytes:
    """Return ``data`` if its SHA-256 is the pinned one.

    Raises
    ------
    FetchError
        Where it is not: the bytes must not be unpacked, parsed or kept.

    Examples
    --------
    >>> from mt2st.datasets.registry import PinnedFile
    >>> check_bytes(b"abc", PinnedFile("a.txt", 3, "00"), what="a.txt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mt2st.errors.FetchError: a.txt is not the file that mt2st pins: expected SHA-256 00, found ba7816bf...
    """
    found = hashlib.sha256(data).hexdigest()
    if found != pinned.sha256:
        raise FetchError(_difference(what, pinned.sha256, found))
    return data


def _difference(what: str, expected: str, found: str) -> str:
    return f"{what} is not the file that mt2st pins: expected SHA-256 {expected}, found {found}"
