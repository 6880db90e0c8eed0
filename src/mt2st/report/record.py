"""A finished run read from its directory: settings, records of intervals, events, result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.report.wording import number

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """One curve: values by step, NaN if there is none."""

    steps: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The contents of a run directory.

    Parameters
    ----------
    config
        The text of ``config.toml``, empty if there is none.
    result
        The content of ``result.json``.
    intervals, events
        The records of ``metrics.jsonl``, of intervals and of events.
    mistakes
        The content of ``mistakes.json``, empty if there is none.
    """

    config: str
    result: Json
    intervals: tuple[Json, ...] = ()
    events: tuple[Json, ...] = ()
    mistakes: Json = field(default_factory=dict)

    @property
    def tasks(self) -> list[str]:
        """Return the names of the tasks, the primary first."""
        found = [
            *section(self.result, "work"),
            *(name for record in self.intervals for name in section(record, "tasks")),
        ]
        primary = self.result.get("primary")
        return sorted(dict.fromkeys(found), key=lambda name: name != primary)

    @property
    def last_step(self) -> float:
        """Return the step at which the curves end, at least 1."""
        steps = [number(record.get("step")) for record in (*self.intervals, self.result)]
        steps.append(number(self.result.get("steps")))
        return max([1.0, *(step for step in steps if step == step)])

    def series(self, *keys: str) -> Series:
        """Return the value under nested ``keys`` of every interval, such as ``"tasks", "products", "loss"``."""
        steps = [number(record.get("step")) for record in self.intervals]
        values = [number(_nested(record, keys)) for record in self.intervals]
        known = ~np.isnan(np.array(steps, float))
        return Series(np.array(steps, float)[known], np.array(values, float)[known])


def section(record: Json, key: str) -> Json:
    """Return the mapping under ``key``, an empty one if it is missing or null."""
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def _nested(record: Json, keys: tuple[str, ...]) -> Any:
    for key in keys[:-1]:
        record = section(record, key)
    return record.get(keys[-1])


def read_run(folder: Path) -> RunRecord:
    """Read a run directory; ``result.json`` must exist, the other files are optional.

    Raises
    ------
    DataError
        If there is no result, or a file is not in the format of its name, with line and column.
    """
    result = folder / "result.json"
    if not result.is_file():
        raise DataError(
            "a run directory that holds result.json is needed, and it does not: finish the run", path=folder
        )
    records = tuple(_records(folder / "metrics.jsonl"))
    return RunRecord(
        _text(folder / "config.toml"),
        _object(_text(result), result, 1),
        tuple(record for record in records if "event" not in record),
        tuple(record for record in records if "event" in record),
        _object(_text(folder / "mistakes.json") or "{}", folder / "mistakes.json", 1),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise DataError(f"the file must be UTF-8 text: {error}", path=path) from error


def _records(path: Path) -> Iterator[Json]:
    for line, text in enumerate(_text(path).split("\n"), 1):
        if text.strip():
            yield _object(text, path, line)


def _object(text: str, path: Path, line: int) -> Json:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        place = line + error.lineno - 1
        raise DataError(f"JSON is needed here, found {error.msg}", path=path, line=place, column=error.colno) from error
    if not isinstance(value, dict):
        raise DataError(f"a JSON object is needed here, found {type(value).__name__}", path=path, line=line, column=1)
    return value
