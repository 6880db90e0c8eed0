"""Weights worked by hand."""

import math

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, Constant, Diminish, Pretrain, SingleTask, Switch, diminish, switch


def weights_of(strategy, step, clock):
    return strategy.bind("p", ["a", "b"], clock).weights(step)


def test_diminish_by_hand():
    # 2 * exp(-3 * 0.25 ** 2) = 2 * exp(-0.1875)
    assert diminish(0.25, weight=2.0, rate=3.0, power=2.0) == pytest.approx(1.6580582363608007, abs=1e-12)
    assert diminish(0.0, weight=0.7, rate=9.0, power=0.5) == 0.7


@pytest.mark.parametrize(("unit", "t"), [("steps", 30.0), ("epochs", 30 / 8), ("fraction", 0.3)])
def test_diminish_reads_its_clock_in_every_unit(unit, t):
    clock = Clock(total_steps=100, steps_per_epoch=8)
    found = weights_of(Diminish(weight=1.5, rate=0.2, power=0.5, time=unit), 30, clock)
    assert found == {"p": 1.0, "a": pytest.approx(1.5 * math.exp(-0.2 * math.sqrt(t)), abs=1e-12), "b": found["a"]}


def test_diminish_has_settings_per_task():
    strategy = Diminish(weight={"a": 1.0, "b": 0.5}, rate={"a": 2.0, "b": 4.0}, power={"a": 1.0, "b": 2.0})
    found = weights_of(strategy, 50, Clock(100))
    assert found["a"] == pytest.approx(0.36787944117144233, abs=1e-12)  # exp(-2 * 0.5)
    assert found["b"] == pytest.approx(0.18393972058572117, abs=1e-12)  # 0.5 * exp(-4 * 0.25)


def test_diminish_with_alpha_to_the_t_is_equation_11():
    found = weights_of(Diminish(rate=-math.log(0.9), time="steps"), 7, Clock(100))
    assert found["a"] == pytest.approx(0.9**7, abs=1e-12)


def test_diminish_drops_to_nothing_under_its_tolerance():
    strategy = Diminish(rate=8.0, tolerance=0.02).bind("p", ["a"], Clock(1000))
    assert strategy.transition() == math.ceil(1000 * math.log(50) / 8) == 490
    assert strategy.weights(489)["a"] > 0.02 > 0.0 == strategy.weights(490)["a"]


@pytest.mark.parametrize(("unit", "at", "turn"), [("steps", 30, 30), ("epochs", 2.5, 20), ("fraction", 0.7, 70)])
def test_switch_turns_exactly_at_its_moment(unit, at, turn):
    strategy = Switch(at=at, time=unit).bind("p", ["a"], Clock(100, steps_per_epoch=8))
    assert [strategy.weights(step)["a"] for step in (0, turn - 1, turn, 99)] == [1.0, 1.0, 0.0, 0.0]
    assert strategy.transition() == turn


def test_switch_function_is_strict_at_the_moment():
    assert (switch(1.999, at=2.0, weight=0.5), switch(2.0, at=2.0, weight=0.5)) == (0.5, 0.0)


def test_pretrain_trains_the_primary_only_afterwards():
    strategy = Pretrain(at=0.5).bind("p", ["a"], Clock(4))
    assert [strategy.weights(s) for s in range(4)] == [{"p": 0.0, "a": 1.0}] * 2 + [{"p": 1.0, "a": 0.0}] * 2
    assert strategy.phase(0).name == "auxiliaries only"
    assert strategy.phase(2).name == "single-task"


def test_single_and_constant():
    assert weights_of(SingleTask(), 5, Clock(10)) == {"p": 1.0, "a": 0.0, "b": 0.0}
    assert weights_of(Constant(weight={"a": 0.25, "b": 3.0}), 9, Clock(10)) == {"p": 1.0, "a": 0.25, "b": 3.0}
    assert SingleTask().bind("p", ["a"], Clock(10)).phase(0).name == "single-task"
    assert Constant().bind("p", ["a"], Clock(10)).phase(9).name == "multi-task"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Diminish(rate=0.0), "rate must be finite and above 0, found 0.0"),
        (lambda: Diminish(power=-1.0), "power must be finite and above 0"),
        (lambda: Diminish(weight={"a": -0.5}), "weight must be finite and at least 0, found -0.5"),
        (lambda: Diminish(tolerance=1.0), "tolerance is a share"),
        (lambda: Switch(at=-1), "at must be finite and at least 0"),
        (lambda: Switch(at=float("nan")), "at must be finite and at least 0"),
        (lambda: Constant(weight=float("inf")), "weight must be finite"),
        (lambda: Clock(0), "total_steps >= 1"),
        (lambda: Clock(10).read(1, "hours"), "steps, epochs, fraction"),
        (lambda: weights_of(Constant(weight={"b": 1.0}), 0, Clock(3)), "no value for the auxiliary 'a'"),
    ],
)
def test_settings_out_of_bounds_are_refused(make, message):
    with pytest.raises(ConfigError, match=message):
        make()
