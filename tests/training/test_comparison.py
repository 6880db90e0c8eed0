"""The comparison: rates by development score alone, pairs by seed, seconds to a score."""

import math

import pytest

from mt2st.cli.tables import comparison_table
from mt2st.errors import ConfigError, DataError
from mt2st.training import comparison
from mt2st.training.cells import Cell, CellResult, cell_settings, run_cell
from mt2st.training.comparison import TRIALS, Comparison, compare, mean_curve, planned_runs, seconds_to
from mt2st.training.corpus import load_corpus
from mt2st.training.loop import Trainer
from mt2st.training.rate_search import search_cells
from mt2st.training.settings import parse_settings

CURVE = ((1.0, 0.5), (2.0, 0.7), (3.0, 0.6), (4.0, 0.8))
ONE = (1.0, 1.0)


@pytest.mark.parametrize(
    ("score", "seconds"), [(0.4, 1.0), (0.5, 1.0), (0.65, 2.0), (0.7, 2.0), (0.8, 4.0), (0.81, math.inf)]
)
def test_seconds_to_the_first_point_that_reaches_a_score(score, seconds):
    assert seconds_to(CURVE, score) == seconds


def test_mean_curve_is_point_by_point():
    assert mean_curve([[(1.0, 0.5), (2.0, 0.6)], [(3.0, 0.7), (4.0, 0.8)]]) == [[2.0, 0.6], [3.0, pytest.approx(0.7)]]


def test_a_curve_that_ended_early_stays_at_its_last_point():
    curves = [[(1.0, 0.5), (2.0, 0.6), (3.0, 0.7)], [(3.0, 0.9)]]
    expected = [(2.0, 0.7), (2.5, 0.75), (3.0, 0.8)]
    assert [tuple(point) for point in mean_curve(curves)] == [pytest.approx(point) for point in expected]


@pytest.fixture
def fabricated():
    def runs(strategy, tests, developments, seconds, curve):
        return [
            CellResult(Cell(strategy, ONE, 5 + seed), development, test, second, curve)
            for seed, (test, development, second) in enumerate(zip(tests, developments, seconds, strict=True))
        ]

    cells = {
        "single": runs("single", (0.60, 0.62, 0.64), (0.7, 0.7, 0.9), (1.0, 2.0, 3.0), ((1.0, 0.5), (2.0, 0.7))),
        "switch": runs("switch", (0.70, 0.70, 0.79), (0.8, 0.8, 0.8), (4.0, 4.0, 7.0), ((0.5, 0.7), (3.0, 0.8))),
    }
    settings = parse_settings({"primary": {"labels": 50}})
    return Comparison(settings, {"single": (3.0, 1.0), "switch": (1.0, 1 / 3)}, cells, trials=4)


def test_rows_by_hand(fabricated):
    single, switch = fabricated.rows()
    # Student's t at 97.5% with two degrees of freedom is 4.302653.
    assert single["test"] == pytest.approx(
        {"mean": 0.62, "low": 0.62 - 4.302653 * 0.02 / 3**0.5, "high": 0.62 + 4.302653 * 0.02 / 3**0.5}
    )
    assert single["paired"] is None
    # Differences 0.10, 0.08 and 0.15: mean 0.11, standard deviation 0.0360555.
    half = 4.302653 * 0.0360555 / 3**0.5
    assert switch["paired"] == pytest.approx({"mean": 0.11, "low": 0.11 - half, "high": 0.11 + half}, rel=1e-5)
    assert (single["seconds"], switch["seconds"]) == (2.0, 5.0)
    # Single's best per seed is 0.7, 0.7, 0.9; it reaches its own third nowhere in its curve.
    assert (single["seconds_to_single_best"], single["reached_single_best"]) == (2.0, 2)
    assert (switch["seconds_to_single_best"], switch["reached_single_best"]) == (0.5, 2)
    assert switch["rates"] == {"head": 1.0, "table": 1 / 3}
    assert switch["tests"] == [0.70, 0.70, 0.79]
    assert switch["curve"] == [[0.5, pytest.approx(0.7)], [3.0, pytest.approx(0.8)]]


def test_a_score_that_most_seeds_do_not_reach_has_no_seconds(fabricated):
    fabricated.cells["switch"] = [
        CellResult(run.cell, run.development, run.test, run.seconds, ((1.0, 0.1),))
        for run in fabricated.cells["switch"]
    ]
    row = fabricated.rows()[1]
    assert row["seconds_to_single_best"] is None
    assert row["reached_single_best"] == 0


def test_without_single_there_is_no_pair(fabricated):
    del fabricated.cells["single"]
    assert fabricated.rows()[0]["paired"] is None


def test_as_dict_says_what_was_searched(fabricated):
    found = fabricated.as_dict()
    assert found["search"] == {"trials": 4, "seeds": 2, "on": "development"}
    assert (found["primary"], found["labels"], found["seeds"]) == ("products", 50, [5, 6, 7])


def test_planned_runs():
    assert planned_runs(("a", "b", "c", "d", "e"), seeds=5, trials=9) == 5 * (5 + 18)


def test_a_cells_rates_multiply_those_of_the_settings(job_values):
    settings = parse_settings(job_values({"primary.head_rate": 0.2, "primary.table_rate": 0.3}))
    changed = cell_settings(settings, Cell("constant", (3.0, 0.5), 9))
    assert (changed.primary.head_rate, changed.primary.table_rate) == pytest.approx((0.6, 0.15))
    assert (changed.strategy.name, changed.training.seed) == ("constant", 9)
    assert changed.auxiliary == settings.auxiliary
    assert (settings.primary.head_rate, settings.strategy.name) == (0.2, "switch"), "the settings themselves stay"


def test_a_bilstm_cells_rates_are_those_of_its_encoder_and_table(job_values):
    settings = parse_settings(job_values({"model.encoder": "bilstm", "model.rate": 0.01, "model.table_rate": 0.02}))
    changed = cell_settings(settings, Cell("constant", (3.0, 0.5), 9))
    assert (changed.model.rate, changed.model.table_rate) == pytest.approx((0.03, 0.01))
    assert changed.primary == settings.primary


def test_a_cell_of_the_search_never_looks_at_the_test_part(job_values, monkeypatch):
    settings = parse_settings(job_values())
    corpus = load_corpus(settings)
    evaluate = Trainer.evaluate

    def watched(self, part):
        assert part is corpus.development
        return evaluate(self, part)

    monkeypatch.setattr(Trainer, "evaluate", watched)
    found = run_cell(corpus, settings, Cell("switch", ONE, 1), with_test=False)
    assert found.test is None
    assert len(found.curve) == 3
    assert found.development == max(score for _, score in found.curve)
    assert found.curve[-1][0] == found.seconds


def test_compare_runs_what_it_planned(job_values, monkeypatch):
    settings = parse_settings(job_values({"training.seed": 4}))
    told, searches = [], []

    def search(settings, cells, jobs):
        searches.extend(cells)
        for cell in cells:
            yield CellResult(cell, 0.6 if cell.rates == TRIALS[1] else 0.5, None, 1.0, ())

    monkeypatch.setattr(comparison, "search_rates", search)
    found = compare(settings, strategies=("single", "switch"), seeds=2, trials=2, on_run=lambda *run: told.append(run))
    assert searches == search_cells(("single", "switch"), 2)
    assert found.rates == {"single": TRIALS[1], "switch": TRIALS[1]}
    assert [(result.cell.seed, result.cell.strategy, fresh) for result, fresh in told[-4:]] == [
        (seed, strategy, True) for seed in (4, 5) for strategy in ("single", "switch")
    ]
    assert {name: [run.cell.seed for run in runs] for name, runs in found.cells.items()} == {
        "single": [4, 5],
        "switch": [4, 5],
    }
    assert all(run.test is not None for runs in found.cells.values() for run in runs)


def test_of_equal_rates_the_first_tried_is_taken_in_whatever_order_they_end(job_values, monkeypatch):
    def search(settings, cells, jobs):
        yield from (CellResult(cell, 0.5, None, 1.0, ()) for cell in reversed(cells))

    monkeypatch.setattr(comparison, "search_rates", search)
    found = compare(parse_settings(job_values()), strategies=("single",), seeds=1, trials=3)
    assert found.rates == {"single": TRIALS[0]}


def test_what_is_finished_is_not_run_again(job_values, monkeypatch):
    settings = parse_settings(job_values({"training.seed": 1000}))  # a seed of the search too
    ran, real = [], run_cell

    def counted(corpus, settings, cell, *, with_test):
        if settings.training.steps > 2:  # not the one that warms up
            ran.append((cell, with_test))
        return real(corpus, settings, cell, with_test=with_test)

    def search(settings, cells, jobs):
        corpus = load_corpus(settings)
        yield from (counted(corpus, settings, cell, with_test=False) for cell in cells)

    monkeypatch.setattr(comparison, "run_cell", counted)
    monkeypatch.setattr(comparison, "search_rates", search)
    finished, how = {}, {"strategies": ("single", "switch"), "seeds": 2, "trials": 2}

    def cut(result, fresh):
        finished[result.cell] = result
        if fresh and len(ran) in (4, 10):
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            compare(settings, **how, finished=dict(finished), on_run=cut)
    told = []
    found = compare(settings, **how, finished=finished, on_run=lambda result, fresh: told.append(fresh))
    assert len(ran) == 8 + 4 == len(set(ran)) == planned_runs(how["strategies"], 2, 2)
    assert told.count(False) == 10 and len(told) == 12
    whole = compare(settings, **how)
    assert found.rates == whole.rates
    assert [row["tests"] for row in found.rows()] == [row["tests"] for row in whole.rows()]


@pytest.mark.parametrize(("seeds", "trials"), [(0, 1), (1, 0), (1, 10)])
def test_impossible_budgets_are_refused(job_values, seeds, trials):
    with pytest.raises(ConfigError, match="1 or more seeds and 1 to 9 trials"):
        compare(parse_settings(job_values()), seeds=seeds, trials=trials)


def test_bad_data_is_told_before_any_worker_starts(job_values, monkeypatch):
    monkeypatch.setattr(comparison, "search_rates", lambda *_: pytest.fail("the search has begun"))
    with pytest.raises(DataError, match="no such file"):
        compare(parse_settings(job_values({"primary.data": "/none.tsv"})))


def test_a_time_that_one_of_the_strategies_refuses_is_told_before_anything_is_read(job_values, monkeypatch):
    monkeypatch.setattr("mt2st.training.comparison.load_corpus", lambda _: pytest.fail("too late"))
    values = job_values({"strategy.time": "steps", "strategy.at": 5, "strategy.latest": 5})
    with pytest.raises(ConfigError, match="rate must be given with time='steps'"):
        compare(parse_settings(values), seeds=1, trials=1)


def test_intervals_end_where_scores_do(fabricated):
    fabricated.cells["single"] = [
        CellResult(run.cell, 0.5, test, 1.0, CURVE)
        for run, test in zip(fabricated.cells["single"], (0.0, 0.012, 0.0), strict=True)
    ]
    fabricated.cells["switch"] = [
        CellResult(run.cell, 0.5, test, 1.0, CURVE)
        for run, test in zip(fabricated.cells["switch"], (1.0, 0.9, 1.0), strict=True)
    ]
    single, switch = fabricated.rows()
    assert single["test"]["low"] == 0.0 < single["test"]["mean"] == pytest.approx(0.004)
    assert switch["test"]["high"] == switch["paired"]["high"] == 1.0


def test_the_score_has_the_name_of_its_measure(fabricated):
    assert fabricated.as_dict()["measure"] == "accuracy"
    changed = Comparison(fabricated.settings, fabricated.rates, fabricated.cells, 4, "span_f1")
    assert "test span F1 [95%]" in [
        column.header for column in comparison_table(changed.rows(), "t", "span_f1").columns
    ]


def test_of_tags_that_are_spans_the_measure_is_their_f1(job_values, tmp_path, monkeypatch):
    pytest.importorskip("torch")
    text = "".join(f"Anna\tB-PER\nsings\tO\nn{n}\tO\n\n" for n in range(20))
    (tmp_path / "names.conll").write_text(text)
    changes = {"primary.kind": "tagging", "primary.data": str(tmp_path / "names.conll"), "model.encoder": "bilstm"}
    monkeypatch.setattr(
        comparison, "search_rates", lambda _, cells, jobs: (CellResult(cell, 0.5, None, 1.0, ()) for cell in cells)
    )
    small = {**changes, "auxiliary": {}, "training.steps": 2, "training.interval": 2, "primary.labels": None}
    found = compare(parse_settings(job_values(small)), strategies=("single",), seeds=1, trials=1)
    assert found.as_dict()["measure"] == "span_f1"
