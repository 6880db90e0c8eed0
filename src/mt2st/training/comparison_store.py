"""The finished trainings of a comparison, kept so that one that was cut off goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mt2st.training.cells import Cell, CellResult, cell_settings
from mt2st.training.fingerprint import fingerprints
from mt2st.training.settings import Settings
from mt2st.training.store import Store

# Enough of a file's SHA-256 to tell that it is another one.
DIGITS = 12


class ComparisonStore:
    """Keeps what the trainings of a comparison came to.

    Parameters
    ----------
    path
        The file; see `mt2st.training.store.Store`.
    settings
        What is compared.

    Attributes
    ----------
    results
        Those of the finished trainings, by cell.

    Raises
    ------
    DataError
        Where the file is of a comparison of other settings or data, or is none of ours.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._store = Store(path, depends_on(settings))
        found = map(_result, self._store.records.values())
        self.results: dict[Cell, CellResult] = {result.cell: result for result in found}

    def add(self, result: CellResult) -> None:
        """Write what a training came to; once this returns it is on disk."""
        head, table = result.cell.rates
        key = f"{result.cell.strategy} head={head:g} table={table:g} seed={result.cell.seed}"
        self._store.add(key, asdict(result))
        self.results[result.cell] = result


def _result(record: Mapping[str, Any]) -> CellResult:
    cell = Cell(record["cell"]["strategy"], tuple(record["cell"]["rates"]), record["cell"]["seed"])
    return CellResult(**{**record, "cell": cell, "curve": tuple(map(tuple, record["curve"]))})


def depends_on(settings: Settings) -> dict[str, Any]:
    """Return what a training of given strategy, rates and seed depends on: settings by name, and files."""
    values = cell_settings(settings, Cell("single", (1.0, 1.0), seed=0)).model_dump(mode="json")
    del values["training"]["max_seconds"]  # a comparison leaves it out
    files = {f"SHA-256 of {path}": mark[:DIGITS] for path, mark in fingerprints(settings).items()}
    return {**dict(_flat(values)), **files}


def _flat(values: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value
