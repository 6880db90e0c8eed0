"""Scores of counts by hand and by scikit-learn, and how sure a difference is."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from mt2st.errors import ConfigError
from mt2st.estimators.tuning.held_out import HeldOutCounts, check_metric, count_labels, joined, measure
from mt2st.estimators.tuning.trial import Trial, Tuning


@pytest.fixture
def told():
    random = np.random.default_rng(5)
    truth = random.integers(0, 4, 60)
    return truth, np.where(random.random(60) < 0.6, truth, random.integers(0, 4, 60)), random.random(60)


def test_what_is_printed_is_a_line():
    counts = np.stack([np.arange(2000) % 4 > 0, np.ones(2000)], 1).astype(np.float64)
    judged = HeldOutCounts(counts, "accuracy", np.arange(2000))
    assert repr(judged) == "HeldOutCounts(accuracy 0.7500 of 2000 examples)"
    trial = Trial(3, {"pairs": False}, (judged,))
    assert repr(trial) == "Trial(3, score 0.7500, {'pairs': False})"
    assert repr(Trial(4, {}, why_not="too large")) == "Trial(4, no score, {}, 'too large')"
    assert len(repr(Tuning("random", 0, "accuracy", None, None, [trial] * 3))) < 400


@pytest.mark.parametrize("weighted", [False, True])
def test_both_metrics_are_those_of_scikit_learn(told, weighted):
    truth, found, weights = told
    weights = weights if weighted else np.ones(60)
    accuracy = judged(count_labels(truth, found, weights, "accuracy", 4))
    assert accuracy.score == pytest.approx(accuracy_score(truth, found, sample_weight=weights))
    macro = judged(count_labels(truth, found, weights, "macro_f1", 4), "macro_f1")
    assert macro.score == pytest.approx(f1_score(truth, found, average="macro", sample_weight=weights))


def judged(counts, metric="accuracy"):
    return HeldOutCounts(np.array(counts, float), metric, np.arange(len(counts)))


def test_several_labels_a_text():
    truth, found = np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 0, 0], [0, 1, 0]])
    assert judged(count_labels(truth, found, np.ones(2), "accuracy", 3)).score == 0.5
    # Classes 0 and 1 are told right; of class 2 the one there is was missed.
    macro = judged(count_labels(truth, found, np.ones(2), "macro_f1", 3), "macro_f1")
    assert macro.score == pytest.approx(2 / 3)


def test_labels_that_are_not_known_count_nowhere():
    truth, found = np.array([[1, -1], [0, 1], [-1, -1]]), np.array([[1, 1], [0, 0], [1, 1]])
    assert count_labels(truth, found, np.ones(3), "accuracy", 2).tolist() == [[1, 1], [0, 1], [0, 0]]
    assert count_labels(truth, found, np.ones(3), "macro_f1", 2).sum(0).tolist() == [1, 1, 1, 0, 0, 1]


def test_a_class_that_is_nowhere_says_nothing_of_the_mean_of_classes():
    counts = count_labels(np.array([0, 1]), np.array([0, 1]), np.ones(2), "macro_f1", 5)
    assert judged(counts, "macro_f1").score == 1.0


def test_spans_by_hand():
    # Right 1 + 1, told 1 + 3, there 2 + 2: F1 = 2 * 2 / (4 + 4).
    assert judged([[1.0, 1.0, 2.0], [1.0, 3.0, 2.0]], "f1").score == 0.5


def test_what_is_counted_of_one_example_twice_is_added_up():
    parts = [
        HeldOutCounts(np.ones((1, 2)), "accuracy", np.array([5])),
        HeldOutCounts(np.eye(2), "accuracy", np.array([2, 5])),
    ]
    assert joined(parts).places.tolist() == [2, 5]
    assert joined(parts).counts.tolist() == [[1, 0], [1, 2]]


def test_only_the_same_examples_are_compared():
    one, other = judged([[1, 1], [0, 1]]), HeldOutCounts(np.ones((2, 2)), "accuracy", np.array([0, 2]))
    with pytest.raises(ValueError, match="of different examples"):
        one.wins_by(other, 0)
    both = np.array([0])
    assert one.at(both).wins_by(other.at(both), 0) == (0.0, 0.0)


def test_the_error_of_a_difference_is_the_paired_one():
    random = np.random.default_rng(1)
    one, other = (random.random((400, 1)) < share for share in (0.7, 0.6))
    first, second = (judged(np.hstack([each, np.ones((400, 1))])) for each in (one, other))
    gain, error = first.wins_by(second, 0)
    each = one[:, 0].astype(float) - other[:, 0]
    assert gain == pytest.approx(each.mean())
    assert error == pytest.approx(each.std(ddof=1) / 20, rel=0.1)
    assert first.wins_by(second, 0) == (gain, error)


def test_the_same_answers_differ_by_nothing_for_sure():
    same = judged([[1.0, 1.0], [0.0, 1.0]] * 20)
    assert same.wins_by(same, 3) == (0.0, 0.0)


def test_sums_of_many_draws_at_once():
    assert measure("accuracy", np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [0.5, 0.75]


def test_an_unknown_metric_is_told():
    with pytest.raises(ConfigError, match=r"metric 'acuracy' is unknown; did you mean 'accuracy'\?"):
        check_metric("acuracy")
