"""The search for rates: the best mean development score, and rates that diverge lose."""

from mt2st.errors import NonFiniteLossError
from mt2st.training import rate_search
from mt2st.training.cells import Cell, CellResult
from mt2st.training.rate_search import TRIALS, best_rates

ONE = (1.0, 1.0)


def searched(strategy, rates, *scores):
    return [CellResult(Cell(strategy, rates, seed), score, None, 1.0, ()) for seed, score in enumerate(scores)]


def test_best_rates_have_the_best_mean_over_seeds():
    results = [
        *searched("switch", ONE, 0.9, 0.5),
        *searched("switch", (3.0, 1.0), 0.75, 0.75),
        *searched("switch", (1.0, 3.0), 0.6, 0.6),
        *searched("single", (1.0, 3.0), 0.99, 0.99),
    ]
    assert best_rates(results, "switch") == (3.0, 1.0)
    assert best_rates(results, "single") == (1.0, 3.0)


def test_of_equal_rates_the_first_tried_is_taken():
    results = [*searched("switch", (3.0, 1.0), 0.7), *searched("switch", ONE, 0.7)]
    assert best_rates(results, "switch") == (3.0, 1.0)


def test_every_strategy_is_granted_the_same_nine_rates():
    assert len(set(TRIALS)) == 9
    assert TRIALS[0] == ONE
    assert {rate for pair in TRIALS for rate in pair} == {1.0, 3.0, 1 / 3}


def test_every_rate_is_tried_over_the_searchs_own_seeds(monkeypatch):
    class Pool:
        def __init__(self, *how):
            pass

        def run(self, work, cells):
            return ((cell, cell) for cell in cells)

        def close(self):
            pass

    monkeypatch.setattr(rate_search, "Pool", Pool)
    asked = rate_search.search_cells(("single", "switch"), 2)
    cells = list(rate_search.search_rates(None, asked, 1))
    assert [(cell.rates, cell.seed, cell.strategy) for cell in cells] == [
        (rates, seed, strategy) for rates in TRIALS[:2] for seed in (1000, 1001) for strategy in ("single", "switch")
    ]


def test_where_all_is_found_no_process_begins(monkeypatch):
    monkeypatch.setattr(rate_search, "Pool", None)
    assert list(rate_search.search_rates(None, [], 2)) == []


def test_rates_that_diverge_lose_the_search_and_do_not_end_it(job_values, monkeypatch):
    def diverge(*_, **__):
        raise NonFiniteLossError("inf")

    monkeypatch.setattr(rate_search, "run_cell", diverge)
    monkeypatch.setitem(rate_search._loaded, "here", (None, None))
    found = rate_search._search_cell(Cell("switch", (3.0, 3.0), 1000))
    assert best_rates([found, *searched("switch", ONE, 0.4)], "switch") == ONE
