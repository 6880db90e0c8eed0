"""Conflict, setback and shares: what they do, and that noise between their thresholds does nothing."""

import math

import pytest

from mt2st.strategies.feedback.conflict import Conflict
from mt2st.strategies.feedback.setback import Setback
from mt2st.strategies.feedback.shares import Shares


def test_conflict_follows_the_running_mean():
    conflict = Conflict(against=0.1, patience=1)
    conflict.observe(0.5)
    conflict.observe(-1.0)
    assert conflict.mean == pytest.approx(0.8 * 0.5 + 0.2 * -1.0)


def test_conflict_halves_after_patience_and_drops_after_as_much_again():
    conflict = Conflict(against=0.1, patience=3)
    assert [conflict.observe(-0.2) for _ in range(7)] == [1.0, 1.0, 0.5, 0.5, 0.5, 0.0, 0.0]


def test_conflict_between_its_thresholds_neither_counts_nor_forgives():
    conflict = Conflict(against=0.1, patience=2)
    conflict.observe(-0.2)
    conflict.mean = -0.07
    assert conflict.observe(-0.07) == 1.0
    conflict.mean = -0.2
    assert conflict.observe(-0.2) == 0.5
    conflict.mean = 0.3
    assert conflict.observe(0.3) == 1.0  # it has stopped
    assert conflict.count == 0


def test_what_was_dropped_stays_dropped():
    conflict = Conflict(against=0.1, patience=1)
    assert [conflict.observe(-0.5) for _ in range(2)] == [0.5, 0.0]
    conflict.mean = 0.9
    assert conflict.observe(0.9) == 0.0


def test_a_cosine_that_is_not_finite_is_passed_over():
    conflict = Conflict(against=0.1, patience=1)
    assert conflict.observe(math.nan) == 1.0
    assert conflict.mean is None


def test_a_setback_is_a_fall_of_so_many_standard_errors_that_lasts():
    def says(scores):
        setback = Setback(depth=3.0, patience=2)
        return [setback.observe(score, noise=0.01) for score in scores]

    assert says([0.7, 0.66, 0.66]) == [False, False, True]
    assert says([0.7, 0.66, 0.68, 0.66]) == [False, False, False, True]  # halfway back is not back
    assert says([0.7, 0.66, 0.69, 0.66]) == [False] * 4
    assert says([0.7, 0.671, 0.671, 0.671]) == [False] * 4


def test_scores_may_be_losses_with_a_minus():
    setback = Setback(depth=1.0, patience=1)
    assert [setback.observe(score, 0.5) for score in (-9.0, -5.0, -5.4, -5.6)] == [False, False, False, True]


def test_after_a_setback_the_count_begins_anew():
    setback = Setback(depth=1.0, patience=2)
    assert [setback.observe(score, 0.01) for score in (0.7, 0.5, 0.5, 0.5, 0.5)] == [False, False, True, False, True]


def test_shares_are_a_step_function_of_time():
    shares = Shares(["a", "b"])
    shares.set("a", 10, 0.5)
    shares.set("a", 20, 0.0)
    assert [shares.at("a", step) for step in (0, 9, 10, 19, 20, 99)] == [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]
    assert shares.at("b", 99) == 1.0
    assert shares.any_left
    shares.set("b", 30, 0.0)
    assert not shares.any_left
