"""Strategies side by side: the same split, seeds, model and learning-rate search for every one of them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from mt2st.errors import ConfigError
from mt2st.evaluation import Interval, mean_interval, paired_difference
from mt2st.training.cells import Cell, CellResult, cell_settings, run_cell
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.environment import environment
from mt2st.training.evaluation import measure_of
from mt2st.training.rate_search import SEARCH_SEED, SEARCH_SEEDS, TRIALS, best_rates, search_cells, search_rates
from mt2st.training.result import data_used
from mt2st.training.schedule import make_strategy
from mt2st.training.settings import Settings

STRATEGIES = ("single", "pretrain", "constant", "diminish", "switch", "feedback")


@dataclass(frozen=True)
class Comparison:
    """The runs of all strategies at their best rates, the size of the search, the measure, and the data used."""

    settings: Settings
    rates: dict[str, tuple[float, float]]
    cells: dict[str, list[CellResult]]
    trials: int
    measure: str = "accuracy"
    data: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per strategy: test score, paired difference to single, seconds, curve."""
        return [self._row(strategy) for strategy in self.cells]

    def _row(self, strategy: str) -> dict[str, Any]:
        runs, single = self.cells[strategy], self.cells.get("single")
        paired: Interval | None = None
        if single and strategy != "single":
            paired = paired_difference([r.test or 0.0 for r in runs], [r.test or 0.0 for r in single]).within(-1.0, 1.0)
        to_best = [seconds_to(run.curve, base.development) for run, base in zip(runs, single or runs, strict=True)]
        middle = median(to_best)
        head, table = self.rates[strategy]
        return {
            "strategy": strategy,
            "test": mean_interval([r.test or 0.0 for r in runs]).within(0.0, 1.0).as_dict(),
            "paired": paired.as_dict() if paired else None,
            "seconds": fmean(r.seconds for r in runs),
            "seconds_to_single_best": middle if math.isfinite(middle) else None,
            "reached_single_best": sum(map(math.isfinite, to_best)),
            "development": fmean(r.development for r in runs),
            "rates": {"head": head, "table": table},
            "tests": [r.test for r in runs],
            "curve": mean_curve([r.curve for r in runs]),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        first = next(iter(self.cells.values()))
        return {
            "rows": self.rows(),
            "primary": self.settings.primary.name,
            "measure": self.measure,
            "labels": self.settings.primary.labels,
            "data": self.data,
            "seeds": [run.cell.seed for run in first],
            "search": {"trials": self.trials, "seeds": SEARCH_SEEDS, "on": "development"},
            "environment": environment(),
        }


def seconds_to(curve: Sequence[tuple[float, float]], score: float) -> float:
    """Return the training seconds after which a development curve first reaches ``score``, or infinity.

    Examples
    --------
    >>> seconds_to([(0.1, 0.6), (0.2, 0.7), (0.3, 0.7)], 0.7), seconds_to([(0.1, 0.6)], 0.7)
    (0.2, inf)
    """
    return next((seconds for seconds, reached in curve if reached >= score), math.inf)


def mean_curve(curves: Sequence[Sequence[tuple[float, float]]]) -> list[list[float]]:
    """Return the mean of curves that were recorded at the same steps, point by point.

    A curve that ends early, as its run converged, is extended with its last point, so that all points are means over
    the same runs, and the last is the mean of their final points.

    Examples
    --------
    >>> mean_curve([[(1.0, 0.5), (2.0, 0.625), (3.0, 0.75)], [(1.0, 0.75)]])
    [[1.0, 0.625], [1.5, 0.6875], [2.0, 0.75]]
    """
    longest = max(map(len, curves))
    held = [[*curve, *[curve[-1]] * (longest - len(curve))] for curve in curves]
    return [[fmean(values) for values in zip(*points, strict=True)] for points in zip(*held, strict=True)]


def planned_runs(strategies: Sequence[str], seeds: int, trials: int) -> int:
    """Return the number of training runs of a comparison."""
    return len(strategies) * (seeds + trials * SEARCH_SEEDS)


def compare(
    settings: Settings,
    *,
    strategies: Sequence[str] = STRATEGIES,
    seeds: int = 5,
    trials: int = len(TRIALS),
    jobs: int | None = None,
    finished: Mapping[Cell, CellResult] | None = None,
    on_run: Callable[[CellResult, bool], None] | None = None,
) -> Comparison:
    """Search rates for every strategy on development data, then run each at its best with ``seeds`` seeds.

    The search uses worker processes. The reported, timed runs follow one by one, all strategies of a seed in turn, so
    that the load of the machine is the same for all.

    Parameters
    ----------
    settings
        The job; the comparison sets ``strategy.name``, and ``training.seed`` upwards from the given one.
    strategies
        Names of strategies; include ``single`` for paired differences.
    seeds
        The number of draws of labels, initial values and order; at least 1.
    trials
        The number of pairs of rates tried for each strategy, 1 to 9.
    jobs
        Worker processes of the search; None for the number of cores.
    finished
        Results of an earlier comparison with the same settings and data, which are not run again.
    on_run
        Called with the result of each run, and False if it is from ``finished``.
    """
    if seeds < 1 or not 1 <= trials <= len(TRIALS):
        raise ConfigError(
            f"a comparison takes 1 or more seeds and 1 to {len(TRIALS)} trials, found {seeds} and {trials}"
        )
    finished, tell = finished or {}, on_run or (lambda *_: None)
    # Before the search, so that bad data, bad settings or a missing package raises here and does not kill a worker.
    for strategy in strategies:
        make_strategy(cell_settings(settings, Cell(strategy, (1.0, 1.0), SEARCH_SEED)))
    corpus = load_corpus(settings)
    _warm_up(corpus, settings, strategies)
    searched = _searched(settings, search_cells(strategies, trials), jobs or os.cpu_count() or 1, finished, tell)
    rates = {strategy: best_rates(searched, strategy) for strategy in strategies}
    cells: dict[str, list[CellResult]] = {strategy: [] for strategy in strategies}
    tested = {cell: result for cell, result in finished.items() if result.test is not None}
    for number in range(seeds):
        for strategy in strategies:
            cell = Cell(strategy, rates[strategy], settings.training.seed + number)
            fresh = cell not in tested
            result = run_cell(corpus, settings, cell, with_test=True) if fresh else tested[cell]
            cells[strategy].append(result)
            tell(result, fresh)
    return Comparison(settings, rates, cells, trials, measure_of(corpus.development), data_used(corpus, settings))


def _searched(
    settings: Settings,
    cells: Sequence[Cell],
    jobs: int,
    finished: Mapping[Cell, CellResult],
    tell: Callable[[CellResult, bool], None],
) -> list[CellResult]:
    """Return the results of the search in the order of ``cells``; those in ``finished`` are not run again."""
    results = {cell: finished[cell] for cell in cells if cell in finished}
    for result in results.values():
        tell(result, False)
    for result in search_rates(settings, [cell for cell in cells if cell not in results], jobs):
        results[result.cell] = result
        tell(result, True)
    return [results[cell] for cell in cells]


def _warm_up(corpus: Corpus, settings: Settings, strategies: Sequence[str]) -> None:
    """Train two steps untimed, so that the first timed run does not pay for compiling, or first use of memory."""
    short = settings.model_copy(deep=True)
    share = 2 / short.training.steps
    short.primary.passes *= share
    for auxiliary in short.auxiliary.values():
        auxiliary.passes *= share
    short.training.steps = 2
    run_cell(corpus, short, Cell(strategies[-1], (1.0, 1.0), SEARCH_SEED), with_test=False)
