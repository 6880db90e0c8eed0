"""What runs at a step, and that skipping keeps the expected update."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.strategies import Every, Exact, Skip, plan
from mt2st.strategies.work import uniform

MODES = [Exact(), Skip(), Every(4)]


def factors(work, weight, steps, seed=11):
    return [plan({"p": 1.0, "a": weight}, work, seed, step, "p").get("a", 0.0) for step in range(steps)]


@pytest.mark.parametrize("work", [Skip(floor=0.05), Skip(floor=0.2, share=0.5), Skip(floor=0.01, share=0.1, cap=4.0)])
@pytest.mark.parametrize("weight", [0.01, 0.05, 0.3, 0.9, 1.0, 1.7])
def test_skipping_keeps_the_expected_weight(work, weight):
    draws = factors(work, weight, 40_000)
    error = statistics.stdev(draws) / math.sqrt(len(draws))
    assert abs(statistics.fmean(draws) - weight) <= 3 * error + 1e-12


@pytest.mark.parametrize(
    ("work", "weight", "share"),
    [
        (Skip(floor=0.05), 0.5, 0.5),
        (Skip(floor=0.05), 0.01, 0.05),
        (Skip(floor=0.05), 1.5, 1.0),
        (Skip(share=0.5), 0.5, 0.25),
        (Skip(share=0.1, cap=4.0), 1.0, 0.25),
        (Skip(share=0.1, cap=4.0), 8.0, 1.0),
    ],
)
def test_skipping_runs_as_often_as_the_weight_says(work, weight, share):
    ran = sum(factor > 0.0 for factor in factors(work, weight, 20_000, seed=3))
    assert ran / 20_000 == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 20_000) + 1e-12)


@given(st.floats(1e-6, 50.0), st.floats(0.001, 1.0), st.floats(0.01, 3.0), st.floats(1.0, 20.0))
def test_no_loss_counts_more_than_the_cap_or_its_weight(weight, floor, share, cap):
    work = Skip(floor, share, cap)
    assert floor <= work.probability(weight) <= 1.0
    assert weight / work.probability(weight) <= max(cap, weight) * (1 + 1e-12)
    assert work.factor(weight, 0, 0, "a") in (0.0, weight / work.probability(weight))


def test_every_runs_each_nth_step_and_counts_n_times():
    assert factors(Every(4), 0.5, 9) == [2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 2.0]
    assert sum(factors(Every(4), 0.3, 400)) == pytest.approx(0.3 * 400)
    assert factors(Every(1), 0.3, 50) == factors(Exact(), 0.3, 50)


@pytest.mark.parametrize("work", MODES)
def test_weight_zero_never_runs_and_the_primary_always_does(work):
    assert all(plan({"p": 1.0, "a": 0.0}, work, 0, step, "p") == {"p": 1.0} for step in range(200))
    assert all(plan({"p": 0.3}, work, 0, step, "p") == {"p": 0.3} for step in range(200))


@pytest.mark.parametrize("work", MODES)
def test_a_primary_that_waits_does_not_run(work):
    assert plan({"p": 0.0, "a": 1.0}, work, 0, 0, "p") == {"a": 1.0 * (work.n if isinstance(work, Every) else 1)}


def test_exact_counts_the_weight_itself():
    assert plan({"p": 1.0, "a": 0.3}, Exact(), 0, 5, "p") == {"p": 1.0, "a": 0.3}


def test_tasks_are_skipped_independently():
    both = sum(len(plan({"a": 0.5, "b": 0.5}, Skip(), 1, s, "p")) == 2 for s in range(20_000)) / 20_000
    assert both == pytest.approx(0.25, abs=0.015)


def test_no_number_is_drawn_where_it_could_not_matter(monkeypatch):
    monkeypatch.setattr("mt2st.strategies.work.uniform", lambda *_: pytest.fail("drawn"))
    found = [work.factor(weight, 0, 1, "a") for work, weight in ((Skip(), 1.0), (Exact(), 0.1), (Every(2), 0.1))]
    assert found == [1.0, 0.1, 0.0]


def test_decisions_depend_on_seed_step_and_task_alone():
    assert uniform(1, 2, "film") == 0.12039534650898476
    assert len({uniform(1, 2, "film"), uniform(2, 2, "film"), uniform(1, 3, "film"), uniform(1, 2, "tweets")}) == 4


@given(st.integers(), st.integers(0), st.text())
def test_draws_lie_in_the_half_open_unit_interval(seed, step, task):
    assert 0.0 <= uniform(seed, step, task) < 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Skip(floor=0.0), "floor must be above 0 and at most 1, found 0.0"),
        (lambda: Skip(floor=-0.1), "floor must be above 0"),
        (lambda: Skip(floor=1.1), "floor must be above 0 and at most 1, found 1.1"),
        (lambda: Skip(share=0.0), "share must be finite and above 0, found 0.0"),
        (lambda: Skip(cap=0.5), "cap must be finite and at least 1, found 0.5"),
        (lambda: Skip(cap=float("nan")), "cap must be finite and at least 1, found nan"),
        (lambda: Every(0), "n must be a whole number and at least 1, found 0"),
    ],
)
def test_modes_that_are_none_are_refused(make, message):
    with pytest.raises(ConfigError, match=message):
        make()


@pytest.mark.parametrize(
    ("given", "same"),
    [
        (Every(np.int64(2)), "Every(n=2)"),
        (Skip(np.float64(0.25), np.float32(0.5), np.int64(4)), "Skip(floor=0.25, share=0.5, cap=4)"),
    ],
)
def test_numbers_of_numpy_are_written_as_any_other(given, same):
    assert repr(given) == same


@pytest.mark.parametrize("work", MODES)
def test_where_no_task_weighs_anything_the_primary_runs(work):
    assert plan({"p": 0.0, "a": 0.0}, work, 1, 3, "p") == plan({"p": 0.0}, work, 1, 3, "p") == {"p": 1.0}
