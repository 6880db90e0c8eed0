"""The size of a saved model, and limits of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mt2st.errors import ConfigError

UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000, "ki": 2**10, "mi": 2**20, "gi": 2**30}
PATTERN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*((?:[kmg]i?)?)b?\s*", re.IGNORECASE)


def parse_size(size: Any) -> int | None:
    """Return a size in bytes; None for no limit.

    Parameters
    ----------
    size
        A number of bytes, or a string with a unit of thousands, ``"500K"``, ``"2M"``, ``"1.5 MB"``, or of 1024:
        ``"2 MiB"``.

    Raises
    ------
    ConfigError
        If it is not a size.

    Examples
    --------
    >>> parse_size("2M"), parse_size("1.5 kB"), parse_size(800), parse_size("2 MiB")
    (2000000, 1500, 800, 2097152)
    """
    if size is None:
        return None
    found = PATTERN.fullmatch(str(size)) if not isinstance(size, bool) else None
    if found is None or float(found[1]) * UNITS[found[2].lower()] < 1:
        raise ConfigError(f"model_size is a number of bytes, or a string as '500K' or '2M', {size!r} found")
    return int(float(found[1]) * UNITS[found[2].lower()])


def folder_bytes(folder: Path) -> int:
    """Return the total size of a folder's files in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def size_text(size: int) -> str:
    """Return a size with its unit.

    Examples
    --------
    >>> size_text(2_340_000), size_text(51_200), size_text(999)
    ('2.34 MB', '51.2 kB', '999 bytes')
    """
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
