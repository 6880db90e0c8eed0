"""Logistic regression against scikit-learn's, and by its gradient."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from mt2st.models.convex import Gram, SparseRows, logistic_path
from mt2st.models.convex.block_code import OUTPUTS
from mt2st.models.convex.dual import best_logit
from mt2st.models.convex.dual_blocks import ascend_block
from mt2st.models.convex.evidence import column_variances
from mt2st.models.convex.logistic import solved

COSTS = (0.1, 1.0, 30.0)


def problem(rows=150, columns=40, outputs=3, seed=0):
    """Return sparse rows of length 1, signs of classes that can nearly be told apart, and counts."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, columns)) * (random.random((rows, columns)) < 0.2)
    matrix[3] = 0
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    scores = matrix @ random.normal(size=(columns, outputs)) + 0.3 * random.normal(size=(rows, outputs))
    signs = np.where(scores.argmax(1)[:, None] == np.arange(outputs), 1.0, -1.0)
    return matrix.astype(np.float32), signs, random.uniform(0.5, 2, rows)[:, None] * np.ones(outputs)


def gradient(matrix, signs, counts, cost, weights):
    """Return the gradient of |w|^2 / 2 + cost * sum(counts * log(1 + exp(-signs * scores))) of one output."""
    ones = np.hstack([matrix, np.ones((len(matrix), 1))])
    return weights - cost * ones.T @ (counts * signs * expit(-signs * (ones @ weights)))


def solve(matrix, signs, counts, costs=COSTS, chosen=None, pool=None, tolerance=1e-3):
    chosen = np.arange(len(matrix)) if chosen is None else chosen
    return list(logistic_path(SparseRows.of(matrix), signs, counts, costs, chosen, pool, tolerance))


# As many outputs as are solved apart, and as are solved sixteen at once, then the rest.
@pytest.mark.parametrize("outputs", [3, 4, 18])
@pytest.mark.parametrize("kind", [np.asarray, csr_array])
def test_every_output_is_scikit_learns_regression_of_one_against_the_rest(kind, outputs):
    matrix, signs, counts = problem(outputs=outputs)
    ones = np.hstack([matrix, np.ones((len(matrix), 1))])
    for found in logistic_path(SparseRows.of(kind(matrix)), signs, counts, COSTS, np.arange(150), None, 1e-6):
        for output in range(outputs):
            theirs = LogisticRegression(C=found.cost, fit_intercept=False, tol=1e-8, max_iter=5000)
            theirs.fit(ones, signs[:, output], sample_weight=counts[:, output])
            mine, other = ones @ found.weights[:, output], ones @ theirs.coef_[0]
            assert np.corrcoef(mine, other)[0, 1] > 1 - 1e-8
            np.testing.assert_allclose(mine, other, atol=1e-4 * abs(other).max())


def test_by_products_of_rows_the_solution_is_the_same():
    matrix, signs, counts = problem()
    ones = np.hstack([matrix, np.ones((len(matrix), 1))])
    out, rest = np.arange(0, 150, 3), np.setdiff1d(np.arange(150), np.arange(0, 150, 3))
    gram = Gram.of([matrix @ matrix.T], [1.0])
    np.testing.assert_allclose(gram.products, ones @ ones.T, atol=1e-6)
    by_products = logistic_path(gram, signs, counts, COSTS, rest, None, 1e-6)
    for one, other in zip(solve(matrix, signs, counts, chosen=rest, tolerance=1e-6), by_products, strict=True):
        assert not other.weights[out].any() and other.weights[rest].all()
        np.testing.assert_allclose(ones.T @ other.weights, one.weights, atol=1e-4 * abs(one.weights).max())
        np.testing.assert_allclose(gram.matrix()[out] @ other.weights, ones[out] @ one.weights, atol=1e-2)


def test_products_of_several_blocks_are_those_of_rows_side_by_side():
    one, other = (np.random.default_rng(k).normal(size=(4, 3)).astype(np.float32) for k in (0, 1))
    beside = np.hstack([one, 0.5 * other, np.ones((4, 1))])
    np.testing.assert_allclose(
        Gram.of([one @ one.T, other @ other.T], [1.0, 0.5]).products, beside @ beside.T, atol=1e-6
    )


@pytest.mark.parametrize("outputs", [2, 9])
def test_weights_of_occurrences_vary_as_their_log_count_ratios(outputs):
    """Against scikit-learn's regression on columns that are multiplied by the roots of these."""
    matrix, signs, counts = problem(outputs=outputs)
    chosen, rows = np.arange(0, 150, 2), SparseRows.of(matrix, occurrences=40)
    for found in logistic_path(rows, signs, counts, (0.1, 1.0), chosen, None, 1e-6):
        for output in range(outputs):
            ratios = log_count_ratios(matrix[chosen] != 0, signs[chosen, output], counts[chosen, output])
            scales = np.append(np.sqrt(abs(ratios) / abs(ratios).mean()), 1.0)
            ones = np.hstack([matrix, np.ones((150, 1))]) * scales
            theirs = LogisticRegression(C=found.cost, fit_intercept=False, tol=1e-8, max_iter=5000)
            theirs.fit(ones[chosen], signs[chosen, output], sample_weight=counts[chosen, output])
            expected = theirs.coef_[0] * scales
            np.testing.assert_allclose(found.weights[:, output], expected, atol=1e-3 * abs(expected).max())


def log_count_ratios(there, signs, counts):
    """Return log (p / sum(p)) / (q / sum(q)), p and q what rows of each side count that have a column.

    To both something is added: together 2, and so that a column that no row has is as frequent on both sides.
    """
    counts = counts / counts.mean()
    p, q = ((there * counts[:, None])[signs == side].sum(0) for side in (1, -1))
    share = p.sum() / (p.sum() + q.sum())
    return np.log((p + 2 * share) / (q + 2 - 2 * share) / (p.sum() / q.sum()))


def test_what_rows_count_on_the_mean_makes_no_other_ratios():
    matrix, signs, counts = problem(outputs=2)
    rows, sign, count = SparseRows.of(matrix, occurrences=30), signs[:, 0].copy(), counts[:, 0].copy()
    one, other = (column_variances(rows, sign, factor * count) for factor in (1.0, 1e-3))
    np.testing.assert_allclose(one, other, rtol=1e-6)
    assert (one[30:] == 1.0).all() and one[:30].std() > 0.1 and one[:30].mean() == pytest.approx(1.0)


def test_rows_not_to_learn_from_are_no_evidence():
    matrix, signs, counts = problem(outputs=2)
    rows, sign, half = SparseRows.of(matrix, occurrences=40), signs[:, 0].copy(), np.arange(150) % 2
    flipped = np.where(half, sign, -sign)
    one, other = (column_variances(rows, each, counts[:, 0] * half) for each in (sign, flipped))
    np.testing.assert_array_equal(one, other)
    assert one[:-1].std() > 0.1


@pytest.mark.parametrize(("signs", "counts"), [([1, 1], 1), ([1, -1], 0)])
def test_without_evidence_all_columns_are_alike(signs, counts):
    """There is one side, or no row to learn from."""
    ones = SparseRows.of(csr_array(np.tril(np.ones((4, 3)))), occurrences=3)
    assert column_variances(ones, np.array(signs * 2, float), np.full(4, float(counts))).tolist() == [1.0] * 4


def test_a_word_that_one_row_has_tells_more_on_the_smaller_side_and_something_on_the_larger():
    matrix = np.zeros((1100, 4))
    matrix[:, :2], matrix[0, 2], matrix[1000, 3] = 1, 1, 1
    one, other, large, small, _ = column_variances(
        SparseRows.of(matrix, occurrences=4), np.repeat([1.0, -1.0], [1000, 100]), np.ones(1100)
    )
    assert small > large > 10 * one and one == other


def test_the_gradient_is_nearly_zero():
    matrix, signs, counts = problem()
    for found in solve(matrix, signs, counts, tolerance=1e-6):
        for output in range(3):
            own = found.weights[:, output]
            slope = gradient(matrix, signs[:, output], counts[:, output], found.cost, own)
            assert np.linalg.norm(slope) < 1e-3 * np.linalg.norm(own)


@pytest.mark.parametrize("outputs", [3, 9])
def test_a_path_ends_where_each_cost_alone_does(outputs):
    matrix, signs, counts = problem(outputs=outputs)
    for found in solve(matrix, signs, counts):
        (alone,) = solve(matrix, signs, counts, [found.cost])
        np.testing.assert_allclose(found.weights, alone.weights, atol=0.01 * abs(alone.weights).max())


@pytest.mark.parametrize("outputs", [3, 9])
def test_rows_not_chosen_without_weight_or_of_unknown_sign_are_as_good_as_absent(outputs):
    matrix, signs, counts = problem(outputs=outputs)
    out, rest = np.arange(0, 150, 3), np.setdiff1d(np.arange(150), np.arange(0, 150, 3))
    (absent,) = solve(matrix[rest], signs[rest], counts[rest], [1.0])
    (not_chosen,) = solve(matrix, signs, counts, [1.0], rest)
    weightless, unknown = counts.copy(), signs.copy()
    weightless[out], unknown[out] = 0, 0
    for found in (not_chosen, *solve(matrix, signs, weightless, [1.0]), *solve(matrix, unknown, counts, [1.0])):
        np.testing.assert_allclose(found.weights, absent.weights, atol=1e-2 * abs(absent.weights).max())


def test_a_row_that_counts_twice_is_a_row_twice():
    matrix, signs, counts = problem()
    counts[:] = 1
    twice = counts.copy()
    twice[:50] = 2
    (weighted,) = solve(matrix, signs, twice, [3.0])
    (repeated,) = solve(*(np.concatenate([part, part[:50]]) for part in (matrix, signs, counts)), [3.0])
    np.testing.assert_allclose(weighted.weights, repeated.weights, atol=0.02 * abs(repeated.weights).max())


@pytest.mark.parametrize("outputs", [3, 9])
def test_an_output_that_no_row_tells_anything_of_has_no_weights(outputs):
    matrix, signs, counts = problem(outputs=outputs)
    signs[:, 1] = 0
    (found,) = solve(matrix, signs, counts, [1.0])
    assert not found.weights[:, 1].any() and found.weights[:, 0].any()


@pytest.mark.parametrize("outputs", [3, 40])
def test_threads_change_no_bit(outputs):
    matrix, signs, counts = problem(outputs=outputs)
    with ThreadPoolExecutor(2) as pool:
        for one, two in zip(solve(matrix, signs, counts), solve(matrix, signs, counts, pool=pool), strict=True):
            np.testing.assert_array_equal(one.weights, two.weights)


@pytest.mark.parametrize("outputs", [3, 9])
def test_extreme_costs_stay_finite(outputs):
    matrix, signs, counts = problem(rows=30, outputs=outputs)
    for found in solve(100 * matrix, signs, counts, [1e-9, 1e9]):
        assert np.isfinite(found.weights).all()


@pytest.mark.parametrize("start", [-40.0, -2.0, 0.0, 5.0])
@pytest.mark.parametrize("margin", [-30.0, -0.5, 0.0, 2.0, 100.0])
@pytest.mark.parametrize("square", [0.1, 1.0, 50.0])
@pytest.mark.parametrize("cost", [1e-3, 1.0, 1000.0])
def test_a_multiplier_is_found(start, margin, square, cost):
    found = best_logit.py_func(start, margin, square, cost)  # compiled, it is for kernels alone
    value = found + margin + square * cost * (expit(found) - expit(start))
    slope = 1 + square * cost * expit(found) * (1 - expit(found))
    assert abs(value) <= 1e-4 * slope


def test_rows_have_a_column_of_ones_behind_them():
    rows = SparseRows.of(csr_array(np.array([[0.0, 2.0], [0.0, 0.0]])))
    assert (rows.size, len(rows)) == (3, 2)
    np.testing.assert_array_equal(rows.matrix().toarray(), [[0, 2, 1], [0, 0, 1]])
    np.testing.assert_array_equal(rows.scores(np.array([[1.0], [3.0], [0.5]])), [[6.5], [0.5]])


def test_blocks_stand_side_by_side_as_scipy_puts_them():
    random = np.random.default_rng(0)
    blocks = [csr_array(random.normal(size=(5, 4)) * (random.random((5, 4)) < 0.5)), random.normal(size=(5, 2))]
    blocks += [csr_array((5, 3)), csr_array(np.eye(5)[:, :1])]
    found = SparseRows.of(*blocks).matrix().toarray()
    np.testing.assert_allclose(found, hstack([*map(csr_array, blocks), np.ones((5, 1))]).toarray(), rtol=1e-6)


@pytest.mark.parametrize("outputs", [3, 18])
def test_scores_are_rows_times_weights(outputs):
    matrix, signs, counts = problem(outputs=outputs)
    rows = SparseRows.of(matrix)
    found = next(solved(rows, signs, counts, [1.0], np.arange(150), None, 1e-2))
    np.testing.assert_allclose(found.scores(rows.matrix()), rows.matrix() @ found.weights(), atol=1e-5)


def test_examples_of_cost_0_keep_no_block_from_its_end():
    columns, offsets = np.array([0, 0, 0], np.int32), np.array([0, 1, 2, 3])
    values, nothing = np.ones(3, np.float32), np.zeros((3, 2))
    table = np.ones((1, 2, OUTPUTS), np.float32)
    squares, logits = np.ones((3, OUTPUTS), np.float32), np.full((3, 2), -2.0)
    rows = columns, offsets, values, table, squares, np.ones((3, 2)), nothing, np.arange(3), logits
    assert ascend_block(*rows, 10, 1e-3, np.uint64(0)) == 1
    assert (logits == -2).all() and (table == 1).all()
