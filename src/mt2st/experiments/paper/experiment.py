"""The paper's experiment as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mt2st.experiments.experiment import Experiment
from mt2st.experiments.paper.cells import STRATEGIES, all_cells
from mt2st.experiments.paper.curves import draw_curves
from mt2st.experiments.paper.data import PaperData, check_data
from mt2st.experiments.paper.runs import begin, run
from mt2st.experiments.paper.sizes import Sizes
from mt2st.experiments.paper.tables import Found, all_tables
from mt2st.experiments.tables import Table
from mt2st.experiments.trials import Grid, Record, Trial


@dataclass(frozen=True)
class PaperExperiment(Experiment):
    """The experiment, its settings and its files.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        The folder of prepared data, finished trainings, tables and curves.
    sizes
        Sizes of the experiment.
    embeddings
        Some of `mt2st.experiments.paper.cells.EMBEDDINGS`.
    seeds, search_seeds
        Number of trainings to report per cell, and to choose a learning rate by.
    """

    file = "paper.md"

    source: Path
    folder: Path
    sizes: Sizes
    embeddings: tuple[str, ...]
    seeds: int = 5
    search_seeds: int = 1

    @property
    def grid(self) -> Grid:
        """Return all trainings."""
        return Grid(all_cells(self.embeddings), self.seeds, self.search_seeds)

    def header(self) -> Mapping[str, Any]:
        """Return the settings that finished trainings depend on."""
        return {"name": "paper", **asdict(self.sizes), "search_seeds": self.search_seeds}

    def check(self) -> None:
        """Raise `DataError` if data is missing."""
        check_data(self.source)

    def prepare(self, on_step: Callable[[str], None]) -> None:
        """Draw reviews and train the initial vectors, if missing."""
        PaperData(self.source, self.folder / "data", self.sizes).prepare(self.embeddings, on_step)

    def workers(self) -> tuple[Callable[..., None], Sequence[Any], Callable[[Trial], Record]]:
        """Return a worker's initialiser, its arguments, and the training function."""
        return begin, (self.source, self.folder / "data", self.sizes), run

    def tables(self, found: Found) -> Sequence[Table]:
        """Return the tables."""
        return all_tables(found)

    def charts(self, found: Found) -> Mapping[str, bytes]:
        """Return the curves of each strategy."""
        embeddings = [name for name in self.embeddings if any(cell.embedding == name for cell in found)]
        strategies = STRATEGIES if embeddings else ()
        return {f"curves-{strategy}.svg": draw_curves(found, strategy, embeddings) for strategy in strategies}
