"""Who wins: by more than the noise, or nobody."""

from __future__ import annotations

import numpy as np

from mt2st.estimators.tuning.choice import choose
from mt2st.estimators.tuning.held_out import HeldOutCounts
from mt2st.estimators.tuning.trial import Trial, Tuning


def trial(number, right, of=100, **rest):
    """The first ``right`` examples are told right: of two trials the better one differs on its surplus alone."""
    counts = np.stack([np.arange(of) < right, np.ones(of)], 1).astype(float)
    return Trial(number, {"n": number}, (HeldOutCounts(counts, "accuracy", np.arange(of)),), **rest)


def test_one_example_in_a_hundred_more_is_no_more_than_noise():
    # The difference is 0.01, its standard error sqrt(0.01 * 0.99 / 100) = 0.00995: bootstrap puts it beside 1.
    trials = [trial(0, 70), trial(1, 69), trial(2, 70)]
    assert choose(trials, 0) == 0


def test_five_more_are_above_it():
    # 0.05 against sqrt(0.05 * 0.95 / 100) = 0.0218.
    assert choose([trial(0, 70), trial(1, 75), trial(2, 73)], 0) == 1


def test_a_gain_within_its_error_stays_with_the_given():
    # 12 examples better, 10 worse: 0.02 against sqrt(0.22 / 100) = 0.047.
    first = trial(0, 70)
    right = np.ones(100)
    right[70:] = 0
    right[:10], right[70:82] = 0, 1
    other = Trial(1, {}, (HeldOutCounts(np.stack([right, np.ones(100)], 1), "accuracy", np.arange(100)),))
    assert other.score > first.score
    assert choose([first, other], 0) == 0


def test_who_cannot_be_chosen_is_not():
    assert choose([trial(0, 70), trial(1, 90, why_not="too large"), trial(2, 80)], 0) == 2
    assert choose([trial(0, 70, why_not="too large"), Trial(1, {})], 0) is None


def test_without_the_given_the_best_wins_of_equals_the_smaller():
    trials = [trial(0, 90, why_not="too large"), trial(1, 80, size=9), trial(2, 80, size=5), trial(3, 70, size=1)]
    assert choose(trials, 0) == 2
    assert [each.number for each in Tuning("random", 0, "accuracy", None, None, trials).ranked()] == [2, 1, 3]


def test_who_fails_in_a_later_round_makes_way_for_the_next_best():
    first, lucky, steady = trial(0, 70), trial(1, 80), trial(2, 78)
    again = trial(1, 55).rounds
    first = Trial(0, {}, first.rounds * 2)
    assert choose([first, lucky, steady], 0) == 1
    # 80 and 55 against 70 and 70; the other is 78 against 70 in the one round that it has.
    assert choose([first, Trial(1, {}, lucky.rounds + again), steady], 0) == 2
    assert choose([first, Trial(1, {}, lucky.rounds + again)], 0) == 0
