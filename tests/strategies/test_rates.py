"""The course of learning rates over a phase."""

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, PretrainThenFinetune, Rates, Switch, rate_share
from mt2st.strategies.strategy import Phase


@pytest.mark.parametrize("phase", [Phase("multi-task", 0, 37), Phase("single-task", 37, 200)])
def test_the_defaults_are_a_line_from_one_towards_zero_bit_for_bit(phase):
    for step in range(phase.start, phase.stop):
        assert Rates().share(phase, step) == 1.0 - (step - phase.start) / (phase.stop - phase.start)


@pytest.mark.parametrize(
    ("x", "expected"),
    # Up from 0.2 to 1 over a quarter, then down to 0.4 over three.
    [(0.0, 0.2), (0.125, 0.6), (0.25, 1.0), (0.625, 0.7), (1.0, 0.4)],
)
def test_a_rise_then_a_line_to_the_end(x, expected):
    assert rate_share(x, end=0.4, warm=0.25, low=0.2) == pytest.approx(expected)


def test_the_rise_is_of_phases_that_follow_another():
    rates = Rates(warm=0.5, low=0.0)
    assert rates.share(Phase("multi-task", 0, 10), 0) == 1.0
    assert rates.share(Phase("single-task", 10, 20), 10) == 0.0
    assert rates.share(Phase("single-task", 10, 20), 15) == 1.0


def test_what_begins_with_the_first_state_rises_by_a_share_of_its_own():
    rates = Rates(warm=0.5, low=0.0, warm_first=0.2)
    for phase in (Phase("multi-task", 0, 10), Phase("multi-task", 50, 60, fresh=True)):
        assert [rates.share(phase, phase.start + step) for step in (0, 1, 2, 6)] == [0.0, 0.5, 1.0, 0.5]
    assert rates.share(Phase("single-task", 10, 20), 12) == 0.4


def test_each_phase_has_its_multiplier():
    rates = Rates(multi_task=2.0, auxiliaries_only=3.0, single_task=0.5)
    switch, pretrain = (s.bind("p", ["a"], Clock(10)) for s in (Switch(at=0.5), PretrainThenFinetune(at=0.5)))
    assert [rates.share(switch.phase(step), step) for step in (0, 5)] == [2.0, 0.5]
    assert [rates.share(pretrain.phase(step), step) for step in (0, 5)] == [3.0, 0.5]


def test_from_the_end_on_what_is_left_stays():
    phase = Phase("single-task", 4, 8)
    assert [Rates(end=0.25).share(phase, step) for step in (8, 9, 100)] == [0.25] * 3
    assert Rates(end=0.25).share(Phase("single-task", 8, 8), 8) == 0.25, "a phase without a step"


@pytest.mark.parametrize(
    "wrong",
    [
        {"multi_task": 0.0},
        {"single_task": float("inf")},
        {"end": 1.1},
        {"low": -0.1},
        {"warm": 1.0},
        {"warm_first": -1},
    ],
)
def test_what_is_no_share_or_multiplier_is_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Rates(**wrong)


def test_a_phase_of_another_name_is_like_multi_task():
    assert Rates(multi_task=2.0, single_task=9.0).multiplier(Phase("trial of film", 0, 10)) == 2.0
