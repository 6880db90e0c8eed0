"""Trials, worked by hand: two parts of five steps, the primary alone and then `a` and `b`."""

import pytest

from mt2st.strategies.feedback.trials import Trials, standing


def test_the_plan_is_known_from_the_start():
    trials = Trials(["a", "b"], part=5)
    assert trials.stop == 30
    assert [trials.active(step) for step in (0, 4, 9)] == [None] * 3
    assert [trials.active(step) for step in (10, 14, 15, 19)] == ["a", "a", None, None]
    assert [trials.active(step) for step in (20, 24, 25, 29)] == ["b", "b", None, None]


def test_each_part_has_learning_rates_of_its_own_course():
    trials = Trials(["a"], part=5)
    phases = [trials.phase(step) for step in (0, 4, 5, 9, 10, 15)]
    assert [(phase.start, phase.stop) for phase in phases] == [(0, 5), (0, 5), (5, 10), (5, 10), (10, 15), (15, 20)]
    assert phases[0].name == "trial of the primary alone"
    assert phases[4].name == "trial of a"


def test_gain_is_the_difference_of_mean_scores_in_the_second_parts():
    trials = Trials(["a"], part=5)
    told = [(3, 0.1), (5, 0.2), (7, 0.4), (10, 0.6), (15, 0.9), (18, 0.6), (20, 0.8)]
    ended = [step for step, score in told if trials.observe(step, score)]
    assert ended == [10, 20]
    assert trials.over
    assert trials.gain("a") == pytest.approx((0.6 + 0.8) / 2 - (0.4 + 0.6) / 2)


def test_a_trial_that_is_seen_late_lasts_until_it_is_seen():
    trials = Trials(["a"], part=5)
    assert not trials.observe(4, 0.5)
    assert trials.phase(12).start == 10  # as planned
    assert trials.observe(13, 0.5)
    assert trials.stop == 23
    assert [trials.active(step) for step in (12, 13, 17, 18)] == [None, "a", "a", None]
    # What was so before stays so: steps 10 to 12 belonged to the primary's trial.
    assert trials.phase(12).start == 5


@pytest.mark.parametrize(
    ("gain", "share"), [(-0.3, 0.0), (-0.03, 0.0), (-0.015, 0.25), (0.0, 0.5), (0.015, 0.75), (0.03, 1.0), (0.2, 1.0)]
)
def test_standing_is_a_line_from_one_and_a_half_standard_errors_below_to_as_many_above(gain, share):
    assert standing(gain, noise=0.02) == pytest.approx(share)


def test_spread_is_the_range_over_the_trial_and_that_of_the_primary_alone():
    trials = Trials(["a", "b"], part=1)
    for step, score in enumerate([0.5, 0.6, 0.1, 0.2, 0.58, 0.65], 1):
        trials.observe(step, score)
    assert trials.spread("a") == pytest.approx(0.5)
    assert trials.spread("b") == pytest.approx(0.15)


def test_no_parts_are_no_trials():
    assert Trials(["a"], part=0).over
    assert Trials(["a"], part=0).stop == 0


@pytest.mark.parametrize("late", [11, 13, 19])
def test_a_late_observation_moves_the_end_and_not_the_plan(late):
    trials = Trials(["a"], part=5)
    trials.observe(late, 0.5)
    assert (trials.planned, trials.stop) == (20, late + 10)
