"""One temperature for all scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from mt2st.models.convex.temperature import LEAST, MOST, fit_temperature, log_loss, probabilities, smoothed


def test_probabilities_by_hand():
    scores = np.array([[2.0, 0.0, -4.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(probabilities(scores, 2.0), softmax(scores / 2, axis=1))
    np.testing.assert_allclose(probabilities(scores, 2.0, several=True), expit(scores / 2))
    np.testing.assert_allclose(probabilities(scores[:, :1], 2.0), [[1 - expit(1), expit(1)], [0.5, 0.5]])
    np.testing.assert_allclose(probabilities(scores[:, :1], 2.0, several=True), [[expit(1)], [0.5]])
    far = np.array([[-1e300], [-750.0], [-30.0], [0.0], [30.0], [750.0], [1e300]])
    np.testing.assert_allclose(probabilities(far, 1.0), np.hstack([expit(-far), expit(far)]), rtol=0, atol=3e-16)


@pytest.mark.parametrize("truth_at", [0.3, 1.0, 6.0])
@pytest.mark.parametrize("outputs", [1, 4])
@pytest.mark.parametrize("several", [False, True])
def test_the_temperature_that_labels_were_drawn_at_is_found(truth_at, outputs, several):
    random = np.random.default_rng(5)
    scores = random.normal(scale=2 * truth_at, size=(40_000, outputs))
    given = probabilities(scores, truth_at, several=several)
    if several:
        truth = (random.random(given.shape) < given).astype(float)
    else:
        drawn = (given.cumsum(1) > random.random((len(given), 1))).argmax(1)
        truth = np.eye(given.shape[1])[drawn]
    assert fit_temperature(scores, truth, several=several) == pytest.approx(truth_at, rel=0.05)


def test_the_loss_is_least_there():
    random = np.random.default_rng(1)
    scores, truth = random.normal(size=(60, 3)), np.eye(3)[random.integers(0, 3, 60)]
    found = fit_temperature(scores, truth)
    loss = [log_loss(probabilities(scores, found * factor), truth) for factor in (0.98, 1.0, 1.02)]
    assert loss[1] <= min(loss) + 1e-9


def test_the_temperature_has_bounds():
    scores, truth = np.array([[3.0], [-3.0]]), np.array([[0, 1], [1, 0]], float)
    assert LEAST <= fit_temperature(scores, truth) < 0.3, "always right"
    assert 5 < fit_temperature(-scores, truth) <= MOST, "always wrong"
    assert np.isfinite(fit_temperature(0 * scores, truth))


def test_losses_by_hand():
    assert log_loss(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([[1, 0], [0, 1]], float)) == pytest.approx(
        -(np.log(0.5) + np.log(0.75)) / 2
    )


@pytest.mark.parametrize("several", [False, True])
def test_a_row_that_counts_twice_is_a_row_twice(several):
    random = np.random.default_rng(1)
    scores, truth = random.normal(size=(60, 3)), np.eye(3)[random.integers(0, 3, 60)]
    counts = np.array([2.0] * 20 + [1.0] * 30 + [0.0] * 10)
    rows = [*range(50), *range(20)]
    weighted = fit_temperature(scores, truth, counts, several=several)
    assert weighted == pytest.approx(fit_temperature(scores[rows], truth[rows], several=several), rel=1e-3)


def test_rows_that_are_all_told_right_leave_some_doubt():
    """Scores of one size, all right: the probability of least loss is what is left of a doubted truth."""
    for rows in (4, 40, 400):
        scores, truth = np.full((rows, 1), 2.0), np.tile([0.0, 1.0], (rows, 1))
        found = probabilities(scores, fit_temperature(scores, smoothed(truth)))[0, 1]
        assert found == pytest.approx(1 - 1 / (rows + 2) / 2, rel=1e-3)
        several = probabilities(
            scores, fit_temperature(scores, smoothed(truth[:, 1:], several=True), several=True), several=True
        )
        assert several[0, 0] == pytest.approx(found, rel=1e-3)


def test_scores_however_large_have_probabilities():
    found = probabilities(np.array([[1000.0, 0.0, 999.0], [-1000.0, -1000.0, -2000.0]]), 1.0)
    share = 1 / (1 + np.exp(-1))
    assert found == pytest.approx(np.array([[share, 0, 1 - share], [0.5, 0.5, 0]]))


def test_what_is_not_known_has_no_part_in_it():
    scores, truth = np.array([[3.0], [2.0], [-1.0], [9.0]]), np.array([[1.0], [0.0], [0.0], [np.nan]])
    known = fit_temperature(scores[:3], truth[:3], several=True)
    assert fit_temperature(scores, truth, several=True) == pytest.approx(known)
