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
    """What is run, and where its files are.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        Where prepared data, finished trainings, tables and curves go.
    sizes
        How large it is.
    embeddings
        Some of `mt2st.experiments.paper.cells.EMBEDDINGS`.
    seeds, search_seeds
        Trainings that a cell is reported by, and that a learning rate is chosen by.
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
        """Return what finished trainings depend on."""
        return {"name": "paper", **asdict(self.sizes), "search_seeds": self.search_seeds}

    def check(self) -> None:
        """Refuse to begin without the data."""
        check_data(self.source)

    def prepare(self, on_step: Callable[[str], None]) -> None:
        """Draw reviews and train the vectors to begin with, where they are not there."""
        PaperData(self.source, self.folder / "data", self.sizes).prepare(self.embeddings, on_step)

    def workers(self) -> tuple[Callable[..., None], Sequence[Any], Callable[[Trial], Record]]:
        """Return what a worker process begins with, its arguments, and what trains."""
        return begin, (self.source, self.folder / "data", self.sizes), run

    def tables(self, found: Found) -> Sequence[Table]:
        """Return the tables."""
        return all_tables(found)

    def charts(self, found: Found) -> Mapping[str, bytes]:
        """Return the curves of each strategy."""
        embeddings = [name for name in self.embeddings if any(cell.embedding == name for cell in found)]
        strategies = STRATEGIES if embeddings else ()
        return {f"curves-{strategy}.svg": draw_curves(found, strategy, embeddings) for strategy in strategies}
