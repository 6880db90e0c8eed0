"""Scores of rows that are left out are those of a fit without them."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.models.convex.ridge import left_out_scores


def fitted_to_the_others(rows, signs, penalty):
    """Fit once for each row, by the normal equations with a free bias."""
    found = np.empty_like(signs)
    for left_out in range(len(rows)):
        others = np.arange(len(rows)) != left_out
        design = np.column_stack([rows[others], np.ones(others.sum())])
        ridge = np.diag([penalty] * rows.shape[1] + [0.0])
        weights = np.linalg.solve(design.T @ design + ridge, design.T @ signs[others])
        found[left_out] = np.append(rows[left_out], 1.0) @ weights
    return found


@pytest.mark.parametrize("shape", [(12, 4), (6, 20), (5, 5), (2, 3)])
@pytest.mark.parametrize("penalty", [0.01, 0.5, 5.0])
def test_it_is_a_fit_to_all_others(shape, penalty):
    random = np.random.default_rng(0)
    rows = random.normal(size=shape)
    rows -= rows.mean(0)
    signs = np.where(random.random((shape[0], 3)) < 0.4, 1.0, -1.0)
    expected = fitted_to_the_others(rows, signs, penalty)
    _, found = left_out_scores(rows, signs, [1.0, penalty])
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    (found,) = left_out_scores(rows.astype(np.float32), signs, [penalty])
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_rows_that_say_nothing_are_told_by_the_mean_of_the_others():
    signs = np.array([[1.0], [1.0], [-1.0]])
    (found,) = left_out_scores(np.zeros((3, 2)), signs, [1.0])
    np.testing.assert_allclose(found, [[0.0], [0.0], [1.0]])


def test_a_row_without_others_is_told_right():
    (found,) = left_out_scores(np.zeros((1, 2)), np.array([[1.0, -1.0]]), [1.0])
    assert found.tolist() == [[1.0, -1.0]]
