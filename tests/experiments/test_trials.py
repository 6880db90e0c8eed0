"""The grid: what is searched, which rate is taken, and what a second start still has to do."""

from dataclasses import dataclass

import pytest

from mt2st.experiments.outcomes import failures, outcomes
from mt2st.experiments.trials import SEARCH_SEED, Grid, Trial, run_grid
from mt2st.training.store import Store


@dataclass(frozen=True)
class Method:
    name: str
    rates: tuple


class Here:
    """Runs in this process."""

    def run(self, work, items):
        for item in items:
            yield item, work(item)


A, B = Method("a", (0.1, 0.3, 0.9)), Method("b", (0.05,))
GRID = Grid((A, B), seeds=2, search_seeds=2)
SCORES = {0.1: (0.5, 0.5), 0.3: (0.8, 0.4), 0.9: (0.4, 0.8)}


def work(trial):
    return {"development": SCORES[trial.rate][trial.seed % 2] if trial.searching else 0.0}


def test_every_cell_searches_all_its_rates_at_the_same_seeds():
    searched = [(trial.cell.name, trial.rate, trial.seed) for trial in GRID.search()]
    assert searched == [("a", rate, SEARCH_SEED + n) for rate in A.rates for n in range(2)]
    assert len(GRID) == 6 + 4


def test_the_best_mean_is_taken_and_of_equals_the_first():
    records = {trial.key: work(trial) for trial in GRID.search()}
    assert GRID.best_rate(A, records) == 0.3
    assert [(trial.rate, trial.seed) for trial in GRID.reported(A, records)] == [(0.3, 1), (0.3, 2)]
    assert GRID.best_rate(B, {}) == 0.05


def test_no_seed_is_both_searched_and_reported():
    assert {trial.seed for trial in GRID.search()}.isdisjoint(range(1, 100))
    assert Trial(A, 0.1, SEARCH_SEED).searching and not Trial(A, 0.1, 99).searching


def test_a_training_that_fails_is_stored_by_its_reason_and_tried_again(tmp_path):
    broken, told = {0.3, 0.05}, []

    def fails(trial):
        told.append(trial.key)
        if trial.rate in broken and trial.seed % 2:
            raise RuntimeError("no\n time " + "x" * 300)
        return work(trial)

    def start():
        store = Store(tmp_path / "runs.jsonl", {})
        run_grid(GRID, store, Here, fails, lambda trial, fresh: None)
        return store.records

    records = start()
    assert [trial.key for trial in failures(GRID, records)] == ["a rate=0.3 seed=1001", "b rate=0.05 seed=1"]
    assert set(failures(GRID, records).values()) == {f"RuntimeError: no time {'x' * 178}"}
    assert GRID.reported(A, records) == [] and len(told) == 6 + 2, "a is not reported without its search"
    assert list(outcomes(GRID, records)) == []
    broken.clear()
    told.clear()
    records = start()
    assert told == ["a rate=0.3 seed=1001", "a rate=0.3 seed=1", "a rate=0.3 seed=2", "b rate=0.05 seed=1"]
    assert failures(GRID, records) == {}


def test_what_is_stored_is_not_run_again(tmp_path):
    ran, told = [], []

    def counted(trial):
        ran.append(trial.key)
        if len(ran) == 8:
            raise KeyboardInterrupt
        return work(trial)

    def start():
        run_grid(
            GRID,
            Store(tmp_path / "runs.jsonl", {}),
            Here,
            counted,
            lambda trial, fresh: told.append((trial.key, fresh)),
        )

    with pytest.raises(KeyboardInterrupt):
        start()
    told.clear()
    start()
    assert len(ran) == 11 and len(set(ran)) == 10, "the one that was cut off runs again, no other does"
    assert len(told) == 10 and [fresh for _, fresh in told].count(True) == 3
    store = Store(tmp_path / "runs.jsonl", {})
    assert set(store.records) == set(ran)


def test_nobody_is_asked_for_who_works_where_nothing_is_left(tmp_path):
    store, told = Store(tmp_path / "runs.jsonl", {}), []
    run_grid(GRID, store, Here, work, lambda trial, fresh: None)
    run_grid(GRID, store, None, work, lambda trial, fresh: told.append(fresh))
    assert told == [False] * 10
