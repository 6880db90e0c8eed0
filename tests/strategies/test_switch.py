"""Equations 4 and 5: the moment given, and the moment found."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, Observation, Switch, switch


@pytest.mark.parametrize(("unit", "at", "turn"), [("steps", 30, 30), ("epochs", 2.5, 20), ("fraction", 0.7, 70)])
def test_it_turns_exactly_at_its_moment(hundred, unit, at, turn):
    strategy = Switch(at=at, time=unit).bind("p", ["a"], hundred)
    assert [strategy.weights(step)["a"] for step in (0, turn - 1, turn, 99)] == [1.0, 1.0, 0.0, 0.0]
    assert strategy.transition() == turn


def test_the_function_is_strict_at_the_moment():
    assert (switch(1.999, at=2.0, weight=0.5), switch(2.0, at=2.0, weight=0.5)) == (0.5, 0.0)


@given(st.integers(1, 10_000), st.floats(0.0, 1.0))
@settings(max_examples=60)
def test_at_a_fraction_it_keeps_weight_one_exactly_while_t_is_under_it(total, at):
    strategy = Switch(at=at).bind("p", ["a"], Clock(total))
    for step in {0, total // 3, min(total - 1, int(at * total)), total - 1}:
        assert strategy.weights(step)["a"] == (1.0 if step / total < at else 0.0)


def auto(clock, **kwargs):
    return Switch(**{"at": "auto", "window": 1, **kwargs}).bind("p", ["a"], clock)


def test_auto_switches_at_the_second_low_gain_and_keeps_what_it_said_before(hundred, tell):
    # Gains 0.1, 0.1, then 0.005, under a quarter of the steepest, and 0: low, low.
    strategy = tell(auto(hundred), [0.5, 0.6, 0.7, 0.705, 0.705], every=5)
    assert strategy.transition() == 25
    assert [strategy.weights(step)["a"] for step in (0, 24, 25, 99)] == [1.0, 1.0, 0.0, 0.0]


def test_auto_compares_means_of_three_unless_told_otherwise(hundred, tell):
    # In tenths of the score: rises of 2, 1 (half the steepest, not low), 1/3 and 0 (low, low) from mean to mean.
    scores = [0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
    assert tell(Switch(at="auto").bind("p", ["a"], hundred), scores, every=5).transition() == 45


def test_auto_goes_on_while_the_score_rises_but_no_longer_than_latest(hundred, tell):
    rising = [0.5 + 0.01 * k for k in range(19)]
    strategy = tell(auto(hundred, latest=0.6), rising, every=5)
    assert strategy.transition() == 60
    assert strategy.memory()["switched"] is None


def test_auto_decides_once(hundred, tell):
    strategy = tell(auto(hundred), [0.5, 0.6, 0.6, 0.6], every=5)
    assert strategy.transition() == 20
    before = strategy.state_dict()
    assert tell(strategy, [0.1, 0.9] * 5, every=9).state_dict() == before


def test_auto_takes_up_its_decision_and_its_half_made_one(hundred, tell):
    for seen in ([0.5, 0.6, 0.6], [0.5, 0.6, 0.6, 0.6]):
        first, second = tell(auto(hundred), seen, every=5), auto(hundred)
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        assert second.transition() == first.transition() == (20 if len(seen) == 4 else 50)
        assert second.state_dict() == first.state_dict()
    first.reset()
    assert first.state_dict() == auto(hundred).state_dict()


def test_a_bound_copy_has_seen_nothing_of_what_another_saw(hundred, tell):
    value = Switch(at="auto", window=1)
    tell(value.bind("p", ["a"], hundred), [0.5, 0.6, 0.6, 0.6], every=5)
    assert value.bind("p", ["a"], hundred).transition() == 50


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": -1}, "at must be finite and at least 0"),
        ({"at": float("nan")}, "at must be finite and at least 0"),
        ({"at": "soon"}, "at is a number or 'auto', found 'soon'"),
        ({"latest": -0.1}, "latest must be finite and at least 0"),
        ({"window": 0}, "window must be a whole number and at least 1, found 0"),
        ({"share": 0.5}, "share must be at least 0 and under 0.5, found 0.5"),
    ],
)
def test_settings_out_of_bounds_are_refused(change, message):
    with pytest.raises(ConfigError, match=message):
        Switch(**change)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_that_switches_has_its_own_weights(copied, hundred):
    original = Switch(at="auto", window=1, patience=1).bind("p", ["a"], hundred)
    other = copied(original)
    for step, score in ((10, 0.5), (20, 0.6), (30, 0.6)):
        other.observe(Observation(step, score, {}, 0.0))
    assert (other.moment, original.moment) == (0.3, 0.5)
    assert (other.weights(45)["a"], original.weights(45)["a"]) == (0.0, 1.0)


def test_auto_may_be_told_twice_at_one_step(hundred):
    strategy = auto(hundred)
    for _ in range(2):
        strategy.observe(Observation(5, 0.5, {}, 0.0))
    assert strategy.transition() == 50
