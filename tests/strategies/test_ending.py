"""The step from which a schedule has next to nothing left to give."""

import math

import pytest

from mt2st.strategies import Clock, Cosine, Diminish, Linear, Switch, ending


def weight_of(strategy, total):
    bound = strategy.bind("p", ["a"], Clock(total))
    return lambda step: bound.weights(step)["a"]


def test_by_hand():
    # Weights 8, 4, 2, 1, 1 of 16 in all: 16, 8, 4, 2, 1 are left at the steps 0 to 4.
    weights = [8.0, 4.0, 2.0, 1.0, 1.0]
    found = [ending(weights.__getitem__, 5, tolerance) for tolerance in (0.0, 0.0625, 0.12, 0.125, 0.25, 0.5, 0.99)]
    assert found == [5, 4, 4, 3, 2, 1, 1]


@pytest.mark.parametrize(
    "strategy", [Switch(at=0.3), Linear(end=0.3), Cosine(end=0.3), Diminish(rate=9.0, tolerance=0.1)]
)
def test_without_tolerance_it_is_where_the_weight_becomes_nothing(strategy):
    for total in (10, 137, 1000, 12_345, 1_000_003):
        assert ending(weight_of(strategy, total), total) == strategy.bind("p", ["a"], Clock(total)).transition()


def test_of_an_exponential_it_is_that_of_the_integral():
    # (exp(-8 t) - exp(-8)) / (1 - exp(-8)) = 0.01
    t = -math.log(0.01 * (1 - math.exp(-8)) + math.exp(-8)) / 8
    assert ending(weight_of(Diminish(rate=8.0), 1000), 1000, 0.01) == pytest.approx(1000 * t, abs=3)
    assert ending(weight_of(Diminish(rate=8.0), 1_000_000), 1_000_000, 0.01) == pytest.approx(1e6 * t, abs=3e3)


def test_a_schedule_without_weight_is_over_at_once_and_a_constant_one_never():
    assert ending(lambda step: 0.0, 50, 0.1) == 0
    assert ending(lambda step: 0.5, 50) == 50
    assert ending(lambda step: 0.5, 50_001) == 50_001
