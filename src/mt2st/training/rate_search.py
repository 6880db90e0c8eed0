"""The search for the learning rates of each strategy of a comparison, in worker processes, on development data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from mt2st.errors import NonFiniteLossError
from mt2st.training.cells import Cell, CellResult, run_cell
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.pool import Pool
from mt2st.training.settings import Settings

# Factors of the rates of head (or encoder) and table, the most likely ones first.
TRIALS = tuple((head, table) for head in (1.0, 3.0, 1 / 3) for table in (1.0, 3.0, 1 / 3))
# Seeds of the search differ from those that are reported.
SEARCH_SEED = 1000
SEARCH_SEEDS = 2

_loaded: dict[str, tuple[Corpus, Settings]] = {}


def _load_in_worker(settings: Settings) -> None:
    _loaded["here"] = load_corpus(settings), settings


def _search_cell(cell: Cell) -> CellResult:
    corpus, settings = _loaded["here"]
    try:
        return run_cell(corpus, settings, cell, with_test=False)
    except NonFiniteLossError:  # the rates are too high for this strategy: a valid result of the search
        return CellResult(cell, 0.0, None, 0.0, ())


def search_cells(strategies: Sequence[str], trials: int) -> list[Cell]:
    """Return the runs of the search: every strategy with each of the first ``trials`` rates and each search seed."""
    return [
        Cell(strategy, rates, SEARCH_SEED + number)
        for rates in TRIALS[:trials]
        for number in range(SEARCH_SEEDS)
        for strategy in strategies
    ]


def search_rates(settings: Settings, cells: Sequence[Cell], jobs: int) -> Iterator[CellResult]:
    """Train in worker processes, without using the test part, and yield the results in the order of completion."""
    if not cells:
        return
    pool = Pool(min(jobs, len(cells)), _load_in_worker, (settings,))
    try:
        yield from (result for _, result in pool.run(_search_cell, cells))
    finally:
        pool.close()


def best_rates(results: Sequence[CellResult], strategy: str) -> tuple[float, float]:
    """Return the rates with the best mean development score; if several are equal, the first."""
    scores: dict[tuple[float, float], list[float]] = {}
    for result in results:
        if result.cell.strategy == strategy:
            scores.setdefault(result.cell.rates, []).append(result.development)
    return max(scores, key=lambda rates: fmean(scores[rates]))
