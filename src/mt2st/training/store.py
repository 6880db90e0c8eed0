"""Finished runs of a long experiment, one JSON line each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mt2st.errors import DataError
from mt2st.training.settings.flat import differences

NAME = "runs.jsonl"


class Store:
    """Keeps records by key in an append-only file; a line cut off when a process died is removed.

    Parameters
    ----------
    path
        The file, called `NAME`; created with the first record.
    header
        All that the records depend on; a file with another header is refused.

    Raises
    ------
    DataError
        If the file has another header, or is not such a store.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "runs.jsonl"
    >>> Store(path, {"labels": 750}).add("a", {"accuracy": 0.5})
    >>> Store(path, {"labels": 750}).records
    {'a': {'accuracy': 0.5}}
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path, header = path, json.loads(json.dumps(header))
        lines = _whole_lines(path)
        self._first: Sequence[Mapping[str, Any]] = () if lines else ({"experiment": header},)
        if lines and (found := lines[0].get("experiment")) != header:
            changed = differences(found, header) if isinstance(found, dict) else "no header"
            remedy = "use those, or give another folder with --out"
            raise DataError(f"the runs there are of other settings or data ({changed}): {remedy}", path=path)
        self.records: dict[str, dict[str, Any]] = {line["key"]: line["record"] for line in lines[1:]}

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        """Write a record; once this returns it is on disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            for line in (*self._first, {"key": key, "record": dict(record)}):
                file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._first = ()
        self.records[key] = dict(record)


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of the file, after truncating an incomplete last line."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    try:
        found = [json.loads(line) for line in whole.decode().splitlines()]
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"not a file of finished runs ({error}): give another folder", path=path) from None
    return found
