"""The whole comparison: prepare, run what is missing, and write the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from mt2st.errors import MissingExtraError
from mt2st.experiments.outcomes import Outcome, outcomes
from mt2st.experiments.pool import Pool
from mt2st.experiments.store import Store
from mt2st.experiments.tables import Table
from mt2st.experiments.transfer.methods import METHODS, TransferCell
from mt2st.experiments.transfer.runs import begin, check_data, prepare, run
from mt2st.experiments.transfer.sizes import Sizes
from mt2st.experiments.transfer.tables import all_tables
from mt2st.experiments.trials import Grid, Trial, run_grid

RUNS, TABLES = "runs.jsonl", "transfer.md"


@dataclass(frozen=True)
class TransferExperiment:
    """What is run, and where its files are.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        Where prepared data, finished trainings and tables go; a second start goes on from what is there.
    sizes
        How large it is.
    primaries
        Some of `mt2st.experiments.transfer.primaries.PRIMARIES`.
    seeds, trials
        Trainings that a method is reported by, and that its rates, or weight, are searched by.
    """

    source: Path
    folder: Path
    sizes: Sizes
    primaries: tuple[str, ...]
    seeds: int = 5
    trials: int = 9

    @property
    def grid(self) -> Grid:
        """Return all trainings."""
        cells = [TransferCell(name, method, self.trials) for name in self.primaries for method in METHODS]
        return Grid(cells, self.seeds, search_seeds=1)

    def run(self, jobs: int, on_step: Callable[[str], None], on_trial: Callable[[Trial, bool], None]) -> None:
        """Prepare the data and run what is missing; see `mt2st.experiments.paper.experiment.PaperExperiment.run`.

        Raises
        ------
        DataError
            Where data is missing, or the folder holds another experiment.
        MissingExtraError
            Without TorchJD.
        """
        try:
            import torchjd  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("the methods compared with", extra="bench") from error
        check_data(self.source)
        store, data = self._store(), self.folder / "data"
        on_step("drawing text")
        prepare(self.source, data, self.sizes)
        pool = Pool(jobs, begin, (self.source, data, self.sizes))
        try:
            run_grid(self.grid, store, pool, run, on_trial)
        finally:
            pool.close()

    def outcomes(self) -> dict[TransferCell, Outcome]:
        """Return what the finished cells came to."""
        return cast("dict[TransferCell, Outcome]", outcomes(self.grid, self._store().records))

    def write(self) -> Sequence[Table]:
        """Write the tables of the finished cells, and return them."""
        tables = all_tables(self.outcomes())
        (self.folder / TABLES).write_text("\n\n".join(table.markdown() for table in tables) + "\n", encoding="utf-8")
        return tables

    def _store(self) -> Store:
        return Store(self.folder / RUNS, {"name": "transfer", **asdict(self.sizes), "trials": self.trials})
