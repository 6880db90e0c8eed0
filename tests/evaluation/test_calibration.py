"""Calibration against hand-worked numbers, a plain loop and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from mt2st.errors import DataError
from mt2st.evaluation import calibration_error, evaluate_calibration
from mt2st.evaluation.calibration import Bin, calibration_bins, error_by_chance


def plain_error(confidence, right, bins):
    """Sort, cut into bins of equal mass wherever the probability changes, and add up: all by hand."""
    rows = sorted(zip(confidence, right, strict=True), key=lambda row: row[0])
    cut = {}
    for place, (sure, _) in enumerate(rows):
        first = next(at for at, (other, _) in enumerate(rows) if other == sure)
        cut.setdefault(first * bins // len(rows), []).append(place)
    total = 0.0
    for places in cut.values():
        said = sum(rows[at][0] for at in places) / len(places)
        was = sum(bool(rows[at][1]) for at in places) / len(places)
        total += len(places) / len(rows) * abs(said - was)
    return total


def test_by_hand():
    # Two bins of two: 0.55 said and 0.5 right, 0.85 said and 1 right.
    confidence, right = np.array([0.9, 0.5, 0.6, 0.8]), np.array([True, True, False, True])
    assert calibration_bins(confidence, right, 2) == (Bin(0.55, 0.5, 2), Bin(pytest.approx(0.85), 1.0, 2))
    assert calibration_error(confidence, right, 2) == pytest.approx((0.05 + 0.15) / 2)


def test_examples_that_are_as_sure_share_a_bin_whatever_their_order():
    confidence, right = np.full(10, 0.7), np.arange(10) < 6
    for order in (np.arange(10), np.arange(10)[::-1]):
        assert calibration_bins(confidence[order], right[order], 5) == (Bin(pytest.approx(0.7), 0.6, 10),)


@settings(max_examples=60)
@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 10_000))
def test_error_as_a_plain_loop_has_it(examples, bins, seed):
    random = np.random.default_rng(seed)
    confidence = random.integers(0, 20, examples) / 19
    right = random.random(examples) < confidence
    assert calibration_error(confidence, right, bins) == pytest.approx(plain_error(confidence, right, bins))
    assert sum(each.examples for each in calibration_bins(confidence, right, bins)) == examples


def test_what_chance_shows_is_the_mean_over_draws():
    random = np.random.default_rng(0)
    confidence = random.uniform(0.4, 1.0, 600)
    drawn = [calibration_error(confidence, random.random(600) < confidence) for _ in range(400)]
    assert error_by_chance(confidence) == pytest.approx(np.mean(drawn), rel=0.03)


def test_brier_and_log_loss_as_scikit_learn_has_them():
    random = np.random.default_rng(1)
    found = random.dirichlet(np.ones(4), 50)
    gold = random.integers(0, 4, 50)
    report = evaluate_calibration(found, gold)
    assert report.log_loss == pytest.approx(log_loss(gold, found, labels=range(4)))
    assert report.brier == pytest.approx(
        np.mean([((row - np.eye(4)[k]) ** 2).sum() for row, k in zip(found, gold, strict=True)])
    )
    two = np.stack([1 - found[:, 0], found[:, 0]], 1)
    assert evaluate_calibration(two, gold % 2).brier == pytest.approx(2 * brier_score_loss(gold % 2, two[:, 1]))


def test_several_labels_are_judged_label_by_label():
    found, truth = np.array([[0.9, 0.2], [0.6, 0.4]]), np.array([[1, 0], [0, 1]])
    report = evaluate_calibration(found, truth, bins=1, several=True)
    # Half of the labels hold, and 2.1 / 4 were expected to.
    assert report.ece == pytest.approx(abs(0.5 - 0.525))
    assert report.brier == pytest.approx((0.01 + 0.04 + 0.36 + 0.36) / 4)
    assert report.log_loss == pytest.approx(-np.log([0.9, 0.8, 0.4, 0.4]).mean())


def test_a_class_that_was_given_nothing_costs_a_finite_loss():
    report = evaluate_calibration(np.array([[1.0, 0.0]]), np.array([1]))
    assert report.ece == 1.0 and report.brier == 2.0 and 36 < report.log_loss < 37


def test_it_becomes_json():
    found = evaluate_calibration(np.array([[0.8, 0.2]]), np.array([0])).as_dict()
    assert found["bins"] == [{"confidence": 0.8, "accuracy": 1.0, "examples": 1}]
    assert found["ece"] == pytest.approx(0.2) and set(found) == {"ece", "ece_by_chance", "brier", "log_loss", "bins"}


@pytest.mark.parametrize(
    ("found", "gold", "said"),
    [
        ([[0.5, 0.5]], [0, 1], r"shape \(1, 2\) need truth of shape \(1,\), \(2,\) found"),
        ([[1.5, -0.5]], [0], "between 0 and 1: give predict_proba's"),
        ([[0.5, 0.5]], [2], "numbers from 0 to 1: add a column"),
        (np.empty((0, 2)), [], "need truth"),
    ],
)
def test_what_does_not_fit_is_refused(found, gold, said):
    with pytest.raises(DataError, match=said):
        evaluate_calibration(np.array(found), np.array(gold))
    with pytest.raises(DataError, match="bins must be 1 or more"):
        calibration_bins(np.array([0.5]), np.array([1]), 0)
