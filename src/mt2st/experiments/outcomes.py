"""The outcomes of the trainings of one cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from mt2st.evaluation import Interval, mean_interval, paired_difference
from mt2st.experiments.trials import FAILED, Cell, Grid, Record, Trial
from mt2st.training.comparison import seconds_to

MEASURES = (
    "accuracy",
    *(f"{mean}_{measure}" for mean in ("macro", "weighted") for measure in ("precision", "recall", "f1")),
)


@dataclass(frozen=True)
class Outcome:
    """The reported trainings of a cell, in the order of their seeds.

    Attributes
    ----------
    rate
        The learning rate that the search chose.
    records
        As `mt2st.experiments.training.train_once` returns them.
    """

    rate: float
    records: Sequence[Record]

    def values(self, measure: str | None = None) -> list[float]:
        """Return a test measure of every training; by default the one that training uses."""
        return [_measured(record["test"], measure) for record in self.records]

    def interval(self, measure: str | None = None) -> Interval:
        """Return the mean of a test measure and its 95% interval over seeds."""
        return mean_interval(self.values(measure))

    def minus(self, other: Outcome) -> Interval:
        """Return the difference to another outcome, paired by seed."""
        return paired_difference(self.values(), other.values())

    @property
    def seconds(self) -> float:
        """Return the mean seconds of training."""
        return fmean(record["seconds"] for record in self.records)

    def seconds_to(self, other: Outcome, less: float = 0.0) -> float | None:
        """Return the median seconds to the best development score of the other's training of the same seed.

        ``less`` is subtracted from that score. None if half of the trainings never reach it.
        """
        pairs = zip(self.records, other.records, strict=True)
        found = median(seconds_to(_scored(mine), theirs["development"] - less) for mine, theirs in pairs)
        return found if math.isfinite(found) else None

    def best_within(self, seconds: float) -> float:
        """Return the mean over seeds of the best development score within ``seconds``; 0 if there is none yet."""
        return fmean(
            max((point[3] for point in each["curve"] if point[1] <= seconds), default=0) for each in self.records
        )

    def curve(self, column: int) -> list[tuple[float, float]]:
        """Return epochs and the mean over seeds of a column of the curves, at points that all trainings have."""
        points = zip(*(record["curve"] for record in self.records), strict=False)
        wanted = [(each[0][0], [point[column] for point in each]) for each in points]
        return [(epoch, fmean(values)) for epoch, values in wanted if None not in values]


def _scored(record: Record) -> list[tuple[float, float]]:
    """Return (seconds, score) at each interval of a training."""
    return [(seconds, score) for _, seconds, _, score in record["curve"]]


def _measured(test: Mapping[str, Any], measure: str | None) -> float:
    return float(test[measure or ("span_f1" if "span_f1" in test else "accuracy")])


def outcomes(grid: Grid, records: Mapping[str, Record]) -> dict[Cell, Outcome]:
    """Return the outcome of every cell whose trainings are all finished."""
    found: dict[Cell, Outcome] = {}
    for cell in grid.cells:
        trials = grid.reported(cell, records)
        if trials and all(trial.finished(records) for trial in trials):
            found[cell] = Outcome(trials[0].rate, [records[trial.key] for trial in trials])
    return found


def failures(grid: Grid, records: Mapping[str, Record]) -> dict[Trial, str]:
    """Return the trainings that failed, each with its reason; their cells have no outcome."""
    trials = [each for cell in grid.cells for each in (*grid.search_of(cell), *grid.reported(cell, records))]
    return {trial: records[trial.key][FAILED] for trial in trials if FAILED in records.get(trial.key, ())}
