"""What runs at a step, and that skipping keeps the expected update."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.strategies import Exact, Skip, plan
from mt2st.strategies.work import uniform


@pytest.mark.parametrize("weight", [0.01, 0.05, 0.3, 0.9, 1.0, 1.7])
def test_skipping_keeps_the_expected_weight(weight):
    draws = [plan({"a": weight}, Skip(floor=0.05), seed=11, step=s).get("a", 0.0) for s in range(40_000)]
    error = statistics.stdev(draws) / math.sqrt(len(draws))
    assert abs(statistics.fmean(draws) - weight) <= 3 * error + 1e-12


@pytest.mark.parametrize(("weight", "share"), [(0.5, 0.5), (0.01, 0.05), (1.5, 1.0)])
def test_skipping_runs_as_often_as_the_weight_says(weight, share):
    ran = sum("a" in plan({"a": weight}, Skip(floor=0.05), seed=3, step=s) for s in range(20_000))
    assert ran / 20_000 == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 20_000) + 1e-12)


def test_weight_zero_never_runs():
    assert all(plan({"p": 1.0, "a": 0.0}, work, 0, s) == {"p": 1.0} for work in (Exact(), Skip()) for s in range(200))


def test_exact_counts_the_weight_itself():
    assert plan({"p": 1.0, "a": 0.3}, Exact(), 0, 5) == {"p": 1.0, "a": 0.3}


def test_tasks_are_skipped_independently():
    both = sum(len(plan({"a": 0.5, "b": 0.5}, Skip(), 1, s)) == 2 for s in range(20_000)) / 20_000
    assert both == pytest.approx(0.25, abs=0.015)


def test_decisions_depend_on_seed_step_and_task_alone():
    assert uniform(1, 2, "film") == 0.12039534650898476
    assert len({uniform(1, 2, "film"), uniform(2, 2, "film"), uniform(1, 3, "film"), uniform(1, 2, "tweets")}) == 4


@given(st.integers(), st.integers(0), st.text())
def test_draws_lie_in_the_half_open_unit_interval(seed, step, task):
    assert 0.0 <= uniform(seed, step, task) < 1.0


@pytest.mark.parametrize("floor", [0.0, -0.1, 1.1])
def test_a_floor_that_is_no_probability_is_refused(floor):
    with pytest.raises(ConfigError, match="floor is a probability"):
        Skip(floor=floor)
