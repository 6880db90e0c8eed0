"""The comparison as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mt2st.errors import MissingExtraError
from mt2st.experiments.experiment import Experiment
from mt2st.experiments.tables import Table
from mt2st.experiments.transfer.methods import METHODS, TransferCell
from mt2st.experiments.transfer.runs import begin, check_data, prepare, run
from mt2st.experiments.transfer.sizes import Sizes
from mt2st.experiments.transfer.tables import Found, all_tables
from mt2st.experiments.trials import Grid, Record, Trial


@dataclass(frozen=True)
class TransferExperiment(Experiment):
    """The experiment, its settings and its files.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        The folder of prepared data, finished trainings and tables.
    sizes
        Sizes of the comparison.
    primaries
        Some of `mt2st.experiments.transfer.primaries.PRIMARIES`.
    seeds, trials
        Number of trainings to report per method, and to search its rates, or weight, by.
    """

    file = "transfer.md"

    source: Path
    folder: Path
    sizes: Sizes
    primaries: tuple[str, ...]
    seeds: int = 5
    trials: int = 4

    @property
    def grid(self) -> Grid:
        """Return all trainings."""
        cells = [TransferCell(name, method, self.trials) for name in self.primaries for method in METHODS]
        return Grid(cells, self.seeds, search_seeds=1)

    def header(self) -> Mapping[str, Any]:
        """Return the settings that finished trainings depend on."""
        return {"name": "transfer", **asdict(self.sizes), "trials": self.trials}

    def check(self) -> None:
        """Raise an error if the data, TorchJD or CAGrad's requirements are missing."""
        if find_spec("torchjd") is None or find_spec("cvxpy") is None:
            raise MissingExtraError("the methods compared with", extra="bench")
        check_data(self.source)

    def prepare(self, on_step: Callable[[str], None]) -> None:
        """Draw the text of the language models, if missing."""
        on_step("drawing text")
        prepare(self.source, self.folder / "data", self.sizes)

    def workers(self) -> tuple[Callable[..., None], Sequence[Any], Callable[[Trial], Record]]:
        """Return a worker's initialiser, its arguments, and the training function."""
        return begin, (self.source, self.folder / "data", self.sizes), run

    def tables(self, found: Found) -> Sequence[Table]:
        """Return the tables."""
        return all_tables(found)
