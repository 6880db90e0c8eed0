"""A grid of trainings: a search of the learning rate for every cell, then several seeds at the best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import Any, Protocol, TypeAlias

from mt2st.training.pool import Pool
from mt2st.training.store import Store

Record: TypeAlias = dict[str, Any]
# Seeds of the search start here, apart from the reported ones.
SEARCH_SEED = 1000
# The key of the reason in a failed training's record, and the reason's maximum length.
FAILED, LONGEST = "failed", 200


class Cell(Protocol):
    """One method on one set of data."""

    @property
    def name(self) -> str:
        """Return its name in the store."""
        ...

    @property
    def rates(self) -> tuple[float, ...]:
        """Return the learning rates to try; a single one needs no search."""
        ...


@dataclass(frozen=True)
class Trial:
    """One training."""

    cell: Any
    rate: float
    seed: int

    @property
    def searching(self) -> bool:
        """Return whether it is part of the search, which is not evaluated on the test part."""
        return self.seed >= SEARCH_SEED

    @property
    def key(self) -> str:
        """Return its key in the store."""
        return f"{self.cell.name} rate={self.rate:g} seed={self.seed}"

    def finished(self, records: Mapping[str, Record]) -> bool:
        """Return whether it has a record without a failure."""
        return FAILED not in records.get(self.key, (FAILED,))


@dataclass(frozen=True)
class Grid:
    """The trainings to run.

    Attributes
    ----------
    cells
        The cells.
    seeds
        Number of trainings to report per cell.
    search_seeds
        Number of trainings to evaluate a rate by.
    """

    cells: Sequence[Cell]
    seeds: int
    search_seeds: int

    def search(self) -> list[Trial]:
        """Return the trainings of the search."""
        return [trial for cell in self.cells for trial in self.search_of(cell)]

    def search_of(self, cell: Cell) -> list[Trial]:
        """Return the trainings of the search of a cell's rate."""
        seeds = range(SEARCH_SEED, SEARCH_SEED + self.search_seeds)
        return [Trial(cell, rate, seed) for rate in cell.rates if len(cell.rates) > 1 for seed in seeds]

    def best_rate(self, cell: Cell, records: Mapping[str, Record]) -> float:
        """Return the rate with the best mean development score; ties go to the first."""
        if len(cell.rates) == 1:
            return cell.rates[0]

        def score(rate: float) -> float:
            keys = [Trial(cell, rate, SEARCH_SEED + number).key for number in range(self.search_seeds)]
            return fmean(records[key]["development"] for key in keys)

        return max(cell.rates, key=score)

    def reported(self, cell: Cell, records: Mapping[str, Record]) -> list[Trial]:
        """Return the trainings to report for a cell; none if its search is not finished."""
        if not all(trial.finished(records) for trial in self.search_of(cell)):
            return []
        rate = self.best_rate(cell, records)
        return [Trial(cell, rate, seed) for seed in range(1, self.seeds + 1)]

    def __len__(self) -> int:
        return len(self.search()) + len(self.cells) * self.seeds


def run_grid(
    grid: Grid,
    store: Store,
    pool: Callable[[], Pool],
    work: Callable[[Trial], Record],
    on_trial: Callable[[Trial, bool], None],
) -> None:
    """Run the missing and the failed trainings; store each when it ends, or the reason of its failure.

    Parameters
    ----------
    grid, store
        The trainings, and the store of their records.
    pool
        Returns the pool of workers; called only if there is anything to run.
    work
        Runs a training; a module-level function, as workers are other processes.
    on_trial
        Called for each training: with True when it ends, or False if it is already in the store.
    """
    for trial, record in _missing(grid.search(), store, pool, work, on_trial):
        store.add(trial.key, record)
        on_trial(trial, True)
    reported = [trial for cell in grid.cells for trial in grid.reported(cell, store.records)]
    for trial, record in _missing(reported, store, pool, work, on_trial):
        store.add(trial.key, record)
        on_trial(trial, True)


def _missing(
    trials: Sequence[Trial],
    store: Store,
    pool: Callable[[], Pool],
    work: Callable[[Trial], Record],
    on_trial: Callable[[Trial, bool], None],
) -> Iterator[tuple[Trial, Record]]:
    for trial in trials:
        if trial.finished(store.records):
            on_trial(trial, False)
    if left := [trial for trial in trials if not trial.finished(store.records)]:
        yield from pool().run(partial(_tried, work), left)


def _tried(work: Callable[[Trial], Record], trial: Trial) -> Record:
    """Return the record of a training, or the reason of its failure, so that the others continue."""
    try:
        return work(trial)
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return {FAILED: reason[:LONGEST]}
