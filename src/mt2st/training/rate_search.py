"""The search for the learning rates of each strategy of a comparison, in worker processes, on development data."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from statistics import fmean

from mt2st.errors import NonFiniteLossError
from mt2st.training.cells import Cell, CellResult, run_cell
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.orphans import end_with_parent
from mt2st.training.settings import Settings

# What the rates of head (or encoder) and of table are multiplied by, the most likely first.
TRIALS = tuple((head, table) for head in (1.0, 3.0, 1 / 3) for table in (1.0, 3.0, 1 / 3))
# Seeds of the search lie apart from those that are reported.
SEARCH_SEED = 1000
SEARCH_SEEDS = 2

_loaded: dict[str, tuple[Corpus, Settings]] = {}


def _load_in_worker(settings: Settings) -> None:
    end_with_parent()
    _loaded["here"] = load_corpus(settings), settings


def _search_cell(cell: Cell) -> CellResult:
    corpus, settings = _loaded["here"]
    try:
        return run_cell(corpus, settings, cell, with_test=False)
    except NonFiniteLossError:  # rates too high for this strategy, which is what a search is to find out
        return CellResult(cell, 0.0, None, 0.0, ())


def search_rates(settings: Settings, strategies: Sequence[str], trials: int, jobs: int) -> Iterator[CellResult]:
    """Run every strategy at each of the first ``trials`` rates, over the search's seeds, in worker processes."""
    cells = [
        Cell(strategy, rates, SEARCH_SEED + number)
        for rates in TRIALS[:trials]
        for number in range(SEARCH_SEEDS)
        for strategy in strategies
    ]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, initializer=_load_in_worker, initargs=(settings,)) as pool:
        try:
            yield from pool.map(_search_cell, cells)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def best_rates(results: Sequence[CellResult], strategy: str) -> tuple[float, float]:
    """Return the rates with the best mean development score; of equals those tried first."""
    scores: dict[tuple[float, float], list[float]] = {}
    for result in results:
        if result.cell.strategy == strategy:
            scores.setdefault(result.cell.rates, []).append(result.development)
    return max(scores, key=lambda rates: fmean(scores[rates]))
