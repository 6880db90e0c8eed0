"""Folds, what they say of strengths, and that held-out rows are held out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import numpy as np
import pytest

from mt2st.models.convex import (
    Gram,
    SparseRows,
    cross_validate,
    cross_validation,
    logistic,
    logistic_path,
    scores_as_new,
)
from mt2st.models.convex.cross_validation import right_share
from mt2st.models.convex.folds import make_folds


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_folds_deal_out_every_group_evenly(folds):
    groups = np.random.default_rng(0).choice(3, 101, p=[0.7, 0.2, 0.1])
    found = make_folds(groups, folds, seed=4)
    sizes = np.bincount(found, minlength=folds)
    assert sizes.max() - sizes.min() <= 1
    for group in range(3):
        sizes = np.bincount(found[groups == group], minlength=folds)
        assert sizes.max() - sizes.min() <= 1
    np.testing.assert_array_equal(found, make_folds(groups, folds, seed=4))
    assert (found != make_folds(groups, folds, seed=5)).any()


def noisy(rows=200, columns=30, classes=3, seed=0):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, columns))
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    labels = (matrix @ random.normal(size=(columns, classes)) + random.normal(size=(rows, classes))).argmax(1)
    return matrix, np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)


def test_scores_are_of_regressions_that_did_not_see_their_row():
    matrix, signs = noisy()
    rows, counts = SparseRows.of(matrix), np.ones_like(signs)
    judged = cross_validate(rows, signs, counts, costs=[2.0], folds=4, seed=3)
    fold = make_folds(signs.argmax(1), 4, 3)
    ones = np.hstack([matrix, np.ones((len(matrix), 1))])
    for part in range(4):
        (alone,) = logistic_path(rows, signs, counts, [2.0], np.flatnonzero(fold != part))
        np.testing.assert_allclose(judged.scores[fold == part], ones[fold == part] @ alone.weights, atol=0.05)
    assert judged.accuracy == pytest.approx((judged.scores.argmax(1) == signs.argmax(1)).mean())
    assert judged.rows.tolist() == list(range(200))


def test_labels_of_no_meaning_are_told_by_chance():
    """Rows that are all their own columns: a regression that had seen a row would tell it for sure."""
    signs = np.where(np.random.default_rng(1).random(300) < 0.5, 1.0, -1.0)[:, None]
    judged = cross_validate(SparseRows.of(np.eye(300)), signs, np.ones_like(signs))
    assert judged.accuracy < 0.6


def test_copies_of_a_row_are_held_out_together():
    signs = np.where(np.random.default_rng(1).random(100) < 0.5, 1.0, -1.0)[:, None].repeat(3, axis=0)
    rows, same = SparseRows.of(np.eye(100).repeat(3, axis=0)), np.arange(100).repeat(3)
    assert cross_validate(rows, signs, np.ones_like(signs)).accuracy > 0.9
    assert cross_validate(rows, signs, np.ones_like(signs), same=same).accuracy < 0.65


def test_a_class_of_one_row_and_its_copies_is_in_every_fold():
    signs = np.array([1.0] * 10 + [-1.0] * 10)[:, None]
    rows = SparseRows.of(np.vstack([np.eye(10, 11), np.eye(1, 11, 10).repeat(10, axis=0)]))
    judged = cross_validate(rows, signs, np.ones_like(signs), same=np.array([*range(10), *[10] * 10]))
    assert (judged.scores[10:] < 0).all()


def test_the_best_strength_is_found():
    matrix, signs = noisy(columns=60)
    rows, counts = SparseRows.of(matrix), np.ones_like(signs)
    costs = [1e-4, 1.0, 1e4]
    each = [cross_validate(rows, signs, counts, costs=[cost]).accuracy for cost in costs]
    assert each[1] > max(each[0], each[2])
    assert cross_validate(rows, signs, counts, costs=costs).cost == 1.0


def test_one_fold_alone_can_be_held_out():
    matrix, signs = noisy()
    judged = cross_validate(SparseRows.of(matrix), signs, np.ones_like(signs), once=True)
    assert judged.scores.shape == (40, 3) and len(judged.logits) == 1
    right = judged.scores.argmax(1) == signs[judged.rows].argmax(1)
    assert judged.accuracy == pytest.approx(right.mean())


@pytest.mark.parametrize(("accuracies", "tried"), [([6, 7, 6, 6, 9], 4), ([6, 7, 6, 8, 6, 6, 9], 6), ([8, 7, 6, 9], 3)])
def test_with_one_fold_the_search_ends_after_two_strengths_worse_than_the_best(accuracies, tried, monkeypatch):
    seen, signs = [], np.repeat([[1.0], [-1.0]], 50, 0)

    def solved(rows, signs, counts, costs, *rest):
        for cost, right in zip(costs, accuracies, strict=True):
            seen.append(cost)

            def scores(held_out, right=right):
                own = signs[held_out.toarray()[:, :-1].argmax(1)]
                return np.where(np.arange(len(own))[:, None] % 10 < right, own, -own)

            yield SimpleNamespace(scores=scores, logits=signs.copy)

    monkeypatch.setattr(cross_validation, "solved", solved)
    costs = list(range(1, len(accuracies) + 1))
    judged = cross_validate(SparseRows.of(np.eye(100)), signs, np.ones((100, 1)), costs=costs, once=True)
    assert (seen, judged.cost) == (costs[:tried], costs[int(np.argmax(accuracies[:tried]))])
    seen.clear()
    judged = cross_validate(SparseRows.of(np.eye(100)), signs, np.ones((100, 1)), costs=costs)
    assert (seen, judged.cost) == (costs * 5, costs[int(np.argmax(accuracies))])


@pytest.mark.parametrize(("outputs", "once"), [(1, False), (3, True), (6, False)])
def test_held_out_rows_given_again_are_scored_by_the_same_regressions(outputs, once):
    matrix, signs = noisy(classes=6)
    rows, signs = SparseRows.of(matrix, occurrences=10), signs[:, :outputs]
    counts = np.random.default_rng(2).uniform(0.5, 2, (200, 1)) * np.ones_like(signs)
    judged = cross_validate(rows, signs, counts, seed=3, once=once, several=True)
    with ThreadPoolExecutor(2) as pool:
        again = scores_as_new(rows, signs, counts, judged, lambda held_out: rows.matrix()[held_out], pool)
        doubled = scores_as_new(rows, signs, counts, judged, lambda held_out: 2 * rows.matrix()[held_out], pool)
    assert abs(judged.scores).max() > 1
    np.testing.assert_allclose(again, judged.scores, atol=1e-4)
    np.testing.assert_allclose(doubled, 2 * again)


@pytest.mark.parametrize("once", [False, True])
def test_a_regression_of_all_rows_begins_near_its_end_with_the_multipliers_of_the_folds(once):
    matrix, signs = noisy(rows=400)
    rows, counts = SparseRows.of(matrix), np.ones_like(signs)
    judged = cross_validate(rows, signs, counts, costs=[1.0, 10.0, 100.0], once=once, seed=3)
    begin = judged.last_logits()
    (exact,) = logistic_path(rows, signs, counts, [judged.cost], np.arange(400), tolerance=1e-6)
    near, far = (
        next(logistic_path(rows, signs, counts, [judged.cost], np.arange(400), tolerance=10.0, logits=logits))
        for logits in (begin, None)
    )
    # A tolerance of 10 ends after one pass. One fold leaves a fifth of the rows without multipliers.
    off, too = (abs(each.weights - exact.weights).max() for each in (near, far))
    assert off < (0.5 if once else 0.25) * too
    assert (begin == -2).all(1).sum() == 80 * once


@pytest.mark.parametrize("once", [False, True])
def test_each_fold_begins_from_the_multipliers_of_the_same_fold(once, monkeypatch):
    matrix, signs = noisy()
    rows, counts, seen = SparseRows.of(matrix), np.ones_like(signs), []

    def watched(rows, signs, sample_weight, costs, rest, pool, tolerance, logits):
        seen.append(logits)
        return logistic.solved(rows, signs, sample_weight, costs, rest, pool, tolerance, logits)

    monkeypatch.setattr(cross_validation, "solved", watched)
    first = cross_validate(rows, signs, counts, once=once)
    assert seen == [None] * len(first.logits)
    second = cross_validate(SparseRows.of(2 * matrix), signs, counts, costs=[first.cost], once=once, begin=first)
    assert len(first.logits) == (1 if once else 5)
    for given, found in zip(seen[len(first.logits) :], first.logits, strict=True):
        np.testing.assert_array_equal(given, found)
    assert abs(second.logits[0] - first.logits[0]).max() > 0.1


def test_held_out_rows_given_again_are_scored_by_the_multipliers_of_products():
    matrix, signs = noisy()
    rows, counts = Gram.of([(matrix @ matrix.T).astype(np.float32)], [1.0]), np.ones_like(signs)
    judged = cross_validate(rows, signs, counts, seed=3)
    with ThreadPoolExecutor(2) as pool:
        again = scores_as_new(rows, signs, counts, judged, lambda held_out: rows.matrix()[held_out], pool)
    np.testing.assert_allclose(again, judged.scores, atol=1e-4)


def test_shares_by_hand():
    signs = np.array([[1.0, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    scores = np.array([[2.0, 1, 0], [3, 1, 0], [-3, -2, -1]])
    counts = np.array([[1.0], [1], [2]]) * np.ones(3)
    assert right_share(scores, signs, counts, several=False) == 3 / 4
    # By label, of which a score of 0 tells nothing: 1, 1 and 2 of 3, the last counted twice.
    assert right_share(scores, signs, counts, several=True) == 6 / 12
    assert right_share(scores[:, :1], signs[:, :1], counts[:, :1], several=False) == 3 / 4


def test_a_row_that_counts_nothing_says_nothing_of_accuracy():
    signs, scores = np.array([[1.0], [1.0]]), np.array([[1.0], [-1.0]])
    assert right_share(scores, signs, np.array([[1.0], [0.0]]), several=False) == 1.0


def test_there_are_no_more_folds_than_rows():
    signs = np.array([[1.0], [-1.0]])
    assert np.isfinite(cross_validate(SparseRows.of(np.eye(2)), signs, np.ones_like(signs)).scores).all()


@pytest.mark.parametrize("outputs", [1, 3])
def test_threads_change_nothing(outputs):
    random = np.random.default_rng(0)
    matrix = random.normal(size=(60, 5)).astype(np.float32)
    signs = np.where(matrix[:, :outputs] + random.normal(size=(60, outputs)) > 0, 1.0, -1.0)
    rows, counts = SparseRows.of(matrix), np.ones((60, outputs))
    one = cross_validate(rows, signs, counts, seed=1, several=True)
    with ThreadPoolExecutor(2) as pool:
        two = cross_validate(rows, signs, counts, seed=1, several=True, pool=pool)
    np.testing.assert_array_equal(one.scores, two.scores)
    assert (one.cost, one.accuracy) == (two.cost, two.accuracy)


def test_folds_of_one_output_are_shared_among_threads():
    matrix = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    signs, rows, both = np.where(matrix[:, :1] > 0, 1.0, -1.0), SparseRows.of(matrix), Barrier(2)

    def as_new(held_out):
        both.wait(timeout=10)  # no fold goes on alone
        return rows.matrix()[held_out]

    counts = np.ones_like(signs)
    with ThreadPoolExecutor(2) as pool:
        found = cross_validate(rows, signs, counts, costs=(1.0,), folds=4, pool=pool)
        assert scores_as_new(rows, signs, counts, found, as_new, pool).shape == (40, 1)
    assert found.accuracy > 0.8
