"""The whole experiment: prepare, run what is missing, and write tables and curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from mt2st.experiments.outcomes import Outcome, outcomes
from mt2st.experiments.paper.cells import STRATEGIES, PaperCell, all_cells
from mt2st.experiments.paper.curves import draw_curves
from mt2st.experiments.paper.data import PaperData, check_data
from mt2st.experiments.paper.runs import begin, run
from mt2st.experiments.paper.sizes import Sizes
from mt2st.experiments.paper.tables import all_tables
from mt2st.experiments.pool import Pool
from mt2st.experiments.store import Store
from mt2st.experiments.tables import Table
from mt2st.experiments.trials import Grid, Trial, run_grid

RUNS, TABLES = "runs.jsonl", "paper.md"


@dataclass(frozen=True)
class PaperExperiment:
    """What is run, and where its files are.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        Where prepared data, finished trainings, tables and curves go; a second start goes on from what is there.
    sizes
        How large it is.
    embeddings
        Some of `mt2st.experiments.paper.cells.EMBEDDINGS`.
    seeds, search_seeds
        Trainings that a cell is reported by, and that a learning rate is chosen by.
    """

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

    def run(self, jobs: int, on_step: Callable[[str], None], on_trial: Callable[[Trial, bool], None]) -> None:
        """Prepare the data and run what is missing.

        Parameters
        ----------
        jobs
            Worker processes.
        on_step, on_trial
            Told of each step of the preparation before it, and of each training after it.

        Raises
        ------
        DataError
            Where data is missing, or the folder holds another experiment.
        """
        check_data(self.source)
        store = self._store()
        data = self.folder / "data"
        PaperData(self.source, data, self.sizes).prepare(self.embeddings, on_step)
        pool = Pool(jobs, begin, (self.source, data, self.sizes))
        try:
            run_grid(self.grid, store, pool, run, on_trial)
        finally:
            pool.close()

    def outcomes(self) -> dict[PaperCell, Outcome]:
        """Return what the finished cells came to."""
        return cast("dict[PaperCell, Outcome]", outcomes(self.grid, self._store().records))

    def write(self) -> Sequence[Table]:
        """Write tables and curves of the finished cells, and return the tables."""
        found = self.outcomes()
        tables = all_tables(found)
        text = "\n\n".join(table.markdown() for table in tables)
        (self.folder / TABLES).write_text(text + "\n", encoding="utf-8")
        embeddings = [name for name in self.embeddings if any(cell.embedding == name for cell in found)]
        for strategy in STRATEGIES if embeddings else ():
            content = draw_curves(found, strategy, embeddings)
            (self.folder / f"curves-{strategy}.svg").write_bytes(content)
        return tables

    def _store(self) -> Store:
        return Store(self.folder / RUNS, {"name": "paper", **asdict(self.sizes), "search_seeds": self.search_seeds})
