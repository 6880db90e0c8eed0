import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from mt2st.errors import DataError
from mt2st.evaluation import confusion_matrix, evaluate_classification


@pytest.mark.parametrize("classes", [2, 3, 7])
@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_scikit_learn(classes, seed):
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, classes, 60)
    predicted = np.where(rng.random(60) < 0.6, gold, rng.integers(0, classes, 60))
    predicted[predicted == classes - 1] = 0  # one class is never predicted
    report = evaluate_classification(gold, predicted, tuple(map(str, range(classes))))
    assert report.accuracy == pytest.approx(accuracy_score(gold, predicted))
    for mean in ("macro", "weighted"):
        expected = precision_recall_fscore_support(gold, predicted, average=mean, zero_division=0)[:3]
        found = [getattr(report, f"{mean}_{m}") for m in ("precision", "recall", "f1")]
        assert found == pytest.approx(expected)


def test_a_class_that_never_occurs_is_left_out_of_the_plain_mean():
    report = evaluate_classification(np.array([0, 1]), np.array([0, 1]), ("a", "b", "c"))
    assert report.macro_f1 == 1.0


def test_rows_are_gold_and_columns_predicted():
    assert confusion_matrix(np.array([0, 0, 2]), np.array([1, 1, 2]), 3).tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 1]]


def test_the_dictionary_counts_examples():
    report = evaluate_classification(np.array([0, 1, 1]), np.array([0, 1, 0]), ("a", "b")).as_dict()
    assert (report["examples"], report["confusion"]) == (3, [[1, 0], [1, 1]])


@pytest.mark.parametrize(("gold", "predicted"), [([], []), ([0], [0, 1])])
def test_nothing_to_judge_is_refused(gold, predicted):
    with pytest.raises(DataError, match="as many predictions as examples"):
        evaluate_classification(np.array(gold, int), np.array(predicted, int), ("a", "b"))
