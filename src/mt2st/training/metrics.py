"""``metrics.jsonl``: one JSON record per line, appended during training, truncated to the checkpoint on resume."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mt2st.errors import CheckpointError


class MetricsLog:
    """Appends records to a file.

    All times are under the key ``seconds``; every other value is the same in two runs with one seed.

    Parameters
    ----------
    path
        The file; created if missing.
    keep
        Bytes of it to keep, as stored in the checkpoint; later records will be written again.
    """

    def __init__(self, path: Path, keep: int = 0) -> None:
        self.path = path
        path.touch()
        if path.stat().st_size < keep:
            lost = "has lost records that the checkpoint counts"
            raise CheckpointError(f"{path} {lost}, so the run cannot be resumed: start over")
        self._file = path.open("r+b")
        self._file.truncate(keep)
        self._file.seek(keep)

    @property
    def size(self) -> int:
        """Return the size of the file in bytes."""
        return self._file.tell()

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record; it has been passed to the operating system when this returns."""
        self._file.write(json.dumps(record).encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
