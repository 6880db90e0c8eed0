"""A score that has stopped rising, worked by hand."""

import random

import pytest

from mt2st.strategies import Plateau
from mt2st.strategies.plateau import gain, levels_off


def fed(plateau, scores):
    return [plateau.observe(float(t), score) for t, score in enumerate(scores)]


def test_gain_by_hand():
    # Means 0.55 at t 1 and 0.75 at t 5, unevenly spaced.
    points = [(0.0, 0.5), (2.0, 0.6), (4.0, 0.7), (6.0, 0.8)]
    assert gain(points, 2) == pytest.approx(0.2 / 4, abs=1e-12)
    assert gain(points, 1) == pytest.approx(0.05, abs=1e-12)


def test_low_gains_between_one_and_two_thresholds_keep_the_count_and_higher_ones_clear_it():
    plateau = Plateau(window=1, share=0.1, patience=2)
    fed(plateau, [0.0, 1.0])
    counts = []
    # The steepest gain is 1: up to 0.1 is low, up to 0.2 leaves the count, above clears it.
    for t, score in enumerate([1.05, 1.2, 1.5, 1.55, 1.5], 2):
        plateau.observe(float(t), score)
        counts.append(plateau.low)
    assert counts == [1, 1, 0, 1, 2]


def test_a_score_that_has_not_moved_yet_has_not_stopped_rising():
    # Span F1 while no name is found, then its rise and its end.
    assert fed(Plateau(window=2, patience=2), [0.0] * 9) == [False] * 9
    rising = [0.0] * 9 + [0.1, 0.2, 0.3]
    assert fed(Plateau(window=2, patience=2), [*rising, *[0.3] * 5]) == [False] * 14 + [True] * 3


def test_a_score_that_falls_from_the_start_is_a_plateau_as_soon_as_there_are_means_to_compare():
    assert fed(Plateau(window=2, patience=2), [0.5, 0.4, 0.3, 0.2, 0.1]) == [False] * 4 + [True]


def test_scores_that_are_no_numbers_are_passed_over():
    plateau = Plateau(window=1)
    fed(plateau, [0.5, 0.6])
    before = plateau.state_dict()
    assert not plateau.observe(9.0, float("nan"))
    assert not plateau.observe(10.0, float("inf"))
    assert plateau.state_dict() == before


def test_a_noisy_rise_does_not_fire_and_its_end_does():
    """Twelve seeds of a rise of 0.02 a step under noise of 0.004, then nothing."""
    for seed in range(12):
        noise = random.Random(seed)
        fired = fed(Plateau(), [0.5 + 0.02 * min(t, 10) + noise.gauss(0, 0.004) for t in range(20)])
        assert 10 < fired.index(True) <= 16, seed


def test_a_second_score_at_one_time_is_passed_over():
    plateau = Plateau(window=1)
    assert [plateau.observe(t, score) for t, score in ((1.0, 0.5), (1.0, 0.9), (2.0, 0.6))] == [False] * 3
    assert plateau.points == [(1.0, 0.5), (2.0, 0.6)]
    assert plateau.steepest == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("scores", "levels"),
    [
        ([0.1, 0.2, 0.3, 0.5, 0.7], False),  # gains in means of two: 0.125 and 0.175 a step
        ([0.1, 0.2, 0.5, 0.5, 0.5], True),  # 0.175, then 0.075: under 0.45 of it
        ([0.1, 0.2, 0.3, 0.5], True),  # a single gain has none to be compared with
        ([0.1, 0.2, 0.3], True),
        ([0.4, 0.4, 0.4, 0.4, 0.4], True),
        ([0.9, 0.8, 0.7, 0.5, 0.3], True),
    ],
)
def test_a_score_levels_off_if_its_latest_gain_is_low_or_nothing_can_be_told(scores, levels):
    assert levels_off(list(enumerate(scores)), window=2, share=0.45) is levels
