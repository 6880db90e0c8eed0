"""Equation 2, worked by hand."""

import math

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, Diminish, diminish


def test_by_hand():
    # 2 * exp(-3 * 0.25 ** 2) = 2 * exp(-0.1875)
    assert diminish(0.25, weight=2.0, rate=3.0, power=2.0) == pytest.approx(1.6580582363608007, abs=1e-12)
    assert diminish(0.0, weight=0.7, rate=9.0, power=0.5) == 0.7


@pytest.mark.parametrize(("unit", "t"), [("steps", 30.0), ("epochs", 30 / 8), ("fraction", 0.3)])
def test_it_reads_its_clock_in_every_unit(weights_of, hundred, unit, t):
    found = weights_of(Diminish(weight=1.5, rate=0.2, power=0.5, time=unit), 30, hundred)
    assert found == {"p": 1.0, "a": pytest.approx(1.5 * math.exp(-0.2 * math.sqrt(t)), abs=1e-12), "b": found["a"]}


def test_settings_per_task(weights_of):
    strategy = Diminish(weight={"a": 1.0, "b": 0.5}, rate={"a": 2.0, "b": 4.0}, power={"a": 1.0, "b": 2.0})
    found = weights_of(strategy, 50, Clock(100))
    assert found["a"] == pytest.approx(0.36787944117144233, abs=1e-12)  # exp(-2 * 0.5)
    assert found["b"] == pytest.approx(0.18393972058572117, abs=1e-12)  # 0.5 * exp(-4 * 0.25)


def test_alpha_to_the_t_is_equation_11(weights_of):
    found = weights_of(Diminish(rate=-math.log(0.9), time="steps"), 7, Clock(100))
    assert found["a"] == pytest.approx(0.9**7, abs=1e-12)


@pytest.mark.parametrize("weight", [0.3, 1.0, 5.0])
def test_it_drops_to_nothing_under_its_tolerance_of_the_first_weight(weight):
    strategy = Diminish(weight=weight, rate=8.0, tolerance=0.02).bind("p", ["a"], Clock(1000))
    assert strategy.transition() == math.ceil(1000 * math.log(50) / 8) == 490
    assert strategy.weights(489)["a"] > 0.02 * weight > 0.0 == strategy.weights(490)["a"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": 0.0}, "rate must be finite and above 0, found 0.0"),
        ({"power": -1.0}, "power must be finite and above 0"),
        ({"weight": {"a": -0.5}}, "weight must be finite and at least 0, found -0.5"),
        ({"tolerance": 1.0}, "tolerance must be at least 0 and under 1, found 1.0"),
    ],
)
def test_settings_out_of_bounds_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        Diminish(**settings)


def test_a_power_beyond_floats_leaves_nothing():
    assert [diminish(t, rate=1.0, power=120.0) for t in (0.0, 1.0, 1000.0)] == [
        1.0,
        pytest.approx(0.367879, abs=1e-6),
        0,
    ]
