"""The files that a corpus is read from, and detecting changes in them."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from mt2st.errors import DataError

Source = str | Path | Iterable[str | Path]


def sources_of(source: Source) -> list[Path]:
    """Return the files named by a path, a glob pattern, or a list of those; a pattern's in alphabetical order.

    Raises
    ------
    DataError
        If there is no file, or a folder or a pipe is named.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("b.txt", "a.txt", "c.md"):
    ...         _ = Path(folder, name).write_text("to be")
    ...     print([path.name for path in sources_of(f"{folder}/*.txt")])
    ['a.txt', 'b.txt']
    """
    named = [source] if isinstance(source, str | Path) else list(source)
    found = [path for name in named for path in _files_of(name)]
    if not found:
        raise DataError("no file is named: pass a path, a pattern such as 'data/*.txt', or a list of those")
    return found


def _files_of(name: str | Path) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        raise DataError(f"this is a folder: name its files, e.g. {path / '*.txt'}", path=path)
    if path.is_file():
        return [path]
    if path.exists() or str(name) == "-":
        raise DataError("a run on a pipe or a device cannot be resumed: write the text to a file", path=path)
    if not glob.has_magic(str(name)):
        split = ", or give a sentence as the list of its words" if " " in str(name) else ""
        raise DataError(f"there is no such file: check the path{split}", path=path)
    # Path.glob needs the pattern's fixed folders split off; glob.glob accepts it as a shell does.
    matches = map(Path, sorted(glob.glob(str(name), recursive=True)))  # noqa: PTH207
    found = [path for path in matches if path.is_file()]
    if not found:
        raise DataError("the pattern matches no file: check it, and quote it in a shell", path=name)
    return found


def are_files(source: object) -> bool:
    """Return whether a source names files, rather than being an iterable of token lists."""
    if isinstance(source, str | Path):
        return True
    return isinstance(source, list | tuple) and bool(source) and all(isinstance(name, str | Path) for name in source)


def fingerprint(files: list[Path]) -> list[list[str | int]]:
    """Return path, size, and modification time in nanoseconds of each file, to detect changes."""
    stats = [(file.resolve(), file.stat()) for file in files]
    return [[str(path), stat.st_size, stat.st_mtime_ns] for path, stat in stats]
