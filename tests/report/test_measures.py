import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support

from mt2st.report.measures import (
    class_measures,
    confusion_of,
    label_measures,
    labels_of,
    majority_share,
    row_shares,
    share_interval,
)


def test_measures_of_classes_agree_with_scikit_learn():
    confusion = np.array([[5, 1, 0], [2, 3, 0], [1, 0, 0]])
    gold = np.repeat(np.arange(3), confusion.sum(1))
    predicted = np.concatenate([np.repeat(np.arange(3), row) for row in confusion])
    expected = np.array(precision_recall_fscore_support(gold, predicted, zero_division=0))
    ours = class_measures(["a", "b", "c"], confusion)
    np.testing.assert_allclose([[m.precision, m.recall, m.f1, m.support] for m in ours], expected.T)


def test_measures_of_several_labels_per_text_agree_with_scikit_learn():
    gold = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]])
    predicted = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]])
    expected = np.array(precision_recall_fscore_support(gold, predicted, zero_division=0))
    counts = {"right": gold & predicted, "predicted": predicted, "gold": gold}
    ours = label_measures({"labels": ["a", "b", "c"], **{name: each.sum(0) for name, each in counts.items()}})
    np.testing.assert_allclose([[m.precision, m.recall, m.f1, m.support] for m in ours], expected.T)
    assert [measures.label for measures in ours] == ["a", "b", "c"]


@pytest.mark.parametrize(("right", "examples"), [(0, 5), (5, 5), (508, 722), (1, 2)])
def test_the_interval_of_a_share_agrees_with_scipy(right, examples):
    expected = binomtest(right, examples).proportion_ci(method="wilson")
    assert share_interval(right / examples, examples) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_shares_of_rows_and_of_the_most_frequent_class():
    confusion = np.array([[3, 1, 0], [0, 0, 0], [1, 1, 0]])
    np.testing.assert_allclose(row_shares(confusion), [[0.75, 0.25, 0], [0, 0, 0], [0.5, 0.5, 0]])
    assert majority_share({"confusion": confusion.tolist()}) == pytest.approx(4 / 6)
    assert majority_share({"majority": 0.9}) == 0.9
    assert majority_share({}) is None


@pytest.mark.parametrize("part", [None, {}, {"confusion": None}, {"confusion": []}, {"confusion": [[1, 2]]}])
def test_a_matrix_that_is_absent_or_not_square_is_none(part):
    assert confusion_of(part) is None


def test_classes_without_names_are_numbered():
    assert labels_of({}, 2) == ["0", "1"]
    assert labels_of({"labels": ["a"]}, 2) == ["0", "1"]
    assert labels_of({"labels": ["a", 7]}, 2) == ["a", "7"]
