"""The finished runs of a comparison, stored so that an interrupted comparison can be resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mt2st.training.cells import Cell, CellResult, cell_settings
from mt2st.training.fingerprint import fingerprints
from mt2st.training.settings import Settings
from mt2st.training.settings.flat import flat
from mt2st.training.store import Store

# Digits of a file's SHA-256 that are enough to notice that it has changed.
DIGITS = 12


class ComparisonStore:
    """Stores the results of a comparison's runs.

    Parameters
    ----------
    path
        The file; see `mt2st.training.store.Store`.
    settings
        The job that is compared.

    Attributes
    ----------
    results
        Results of the finished runs, by cell.

    Raises
    ------
    DataError
        If the file is of a comparison with other settings or data, or not such a store.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._store = Store(path, depends_on(settings))
        found = map(_result, self._store.records.values())
        self.results: dict[Cell, CellResult] = {result.cell: result for result in found}

    def add(self, result: CellResult) -> None:
        """Write the result of a run; once this returns it is on disk."""
        head, table = result.cell.rates
        key = f"{result.cell.strategy} head={head:g} table={table:g} seed={result.cell.seed}"
        self._store.add(key, asdict(result))
        self.results[result.cell] = result


def _result(record: Mapping[str, Any]) -> CellResult:
    cell = Cell(record["cell"]["strategy"], tuple(record["cell"]["rates"]), record["cell"]["seed"])
    return CellResult(**{**record, "cell": cell, "curve": tuple(map(tuple, record["curve"]))})


def depends_on(settings: Settings) -> dict[str, Any]:
    """Return all that a run depends on besides strategy, rates and seed: settings by name, and hashes of files."""
    values = cell_settings(settings, Cell("single", (1.0, 1.0), seed=0)).model_dump(mode="json")
    del values["training"]["max_seconds"]  # a comparison ignores it
    files = {f"SHA-256 of {path}": mark[:DIGITS] for path, mark in fingerprints(settings).items()}
    return {**flat(values), **files}
