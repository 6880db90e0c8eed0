"""The base class of experiments: prepare, run missing trainings, and read finished ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from mt2st.experiments.outcomes import Outcome, failures, outcomes
from mt2st.experiments.tables import Table, failed_table
from mt2st.experiments.trials import Cell, Grid, Record, Trial, run_grid
from mt2st.folder_lock import refusing_others
from mt2st.training.pool import Pool
from mt2st.training.store import NAME, Store


class Experiment(ABC):
    """A grid of trainings stored in a folder; a restart continues with the missing ones.

    Attributes
    ----------
    folder
        The folder of prepared data, finished trainings and tables.
    file
        The name of the tables' file.
    """

    folder: Path
    file: ClassVar[str]

    @property
    @abstractmethod
    def grid(self) -> Grid:
        """Return all trainings."""

    @abstractmethod
    def header(self) -> Mapping[str, Any]:
        """Return the settings that finished trainings depend on."""

    @abstractmethod
    def check(self) -> None:
        """Raise an error if something is missing."""

    @abstractmethod
    def prepare(self, on_step: Callable[[str], None]) -> None:
        """Write missing data for the trainings; ``on_step`` is called with the name of each step."""

    @abstractmethod
    def workers(self) -> tuple[Callable[..., None], Sequence[Any], Callable[[Trial], Record]]:
        """Return a worker's initialiser, its arguments, and the training function; both module-level functions."""

    @abstractmethod
    def tables(self, found: Any) -> Sequence[Table]:
        """Return tables of the outcomes of finished cells."""

    def charts(self, found: Any) -> Mapping[str, bytes]:  # noqa: ARG002
        """Return charts of the outcomes, by file name; none by default."""
        return {}

    def write(self) -> Sequence[Table]:
        """Write tables and charts of the finished cells, and a table of failures; return the tables."""
        found, failed = self.outcomes(), self.failures()
        tables = [*self.tables(found), *([failed_table(failed)] if failed else [])]
        text = "\n\n".join(table.markdown() for table in tables)
        (self.folder / self.file).write_text(text + "\n", encoding="utf-8")
        for name, content in self.charts(found).items():
            (self.folder / name).write_bytes(content)
        return tables

    def run(self, jobs: int, on_step: Callable[[str], None], on_trial: Callable[[Trial, bool], None]) -> None:
        """Run the missing trainings; prepare data and start workers only if there are any.

        Parameters
        ----------
        jobs
            Number of worker processes.
        on_step, on_trial
            Called before each step of the preparation, and for each training, see `run_grid`.

        Raises
        ------
        DataError
            If data is missing, or the folder contains another experiment.
        ConfigError
            If another process is running it in the same folder.
        """
        self.check()
        with refusing_others(self.folder, f"{self.folder} is in use", "give another folder with --out"):
            begin, arguments, work = self.workers()
            with ExitStack() as stack:

                @cache
                def pool() -> Pool:
                    self.prepare(on_step)
                    return stack.enter_context(closing(Pool(jobs, begin, arguments)))

                run_grid(self.grid, self._store(), pool, work, on_trial)

    def records(self) -> Mapping[str, Record]:
        """Return the finished trainings by key."""
        return self._store().records

    def outcomes(self) -> dict[Cell, Outcome]:
        """Return the outcomes of the finished cells."""
        return outcomes(self.grid, self.records())

    def failures(self) -> dict[Trial, str]:
        """Return the trainings that failed, each with its reason."""
        return failures(self.grid, self.records())

    def _store(self) -> Store:
        return Store(self.folder / NAME, self.header())
