import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from mt2st.errors import DataError
from mt2st.evaluation import evaluate_calibration, evaluate_labels


@pytest.mark.parametrize("seed", range(3))
def test_as_scikit_learn_has_it(seed):
    random = np.random.default_rng(seed)
    gold, predicted = (random.random((40, 4)) < share for share in (0.4, [0.5, 0.3, 0.9, 0.0]))
    found = evaluate_labels(gold.astype(int), predicted.astype(int), tuple("abcd"))
    assert found.accuracy == accuracy_score(gold, predicted)
    each = np.array(precision_recall_fscore_support(gold, predicted, zero_division=0)[:3]).T
    np.testing.assert_allclose(found.of_labels(), each)
    for mean in ("micro", "macro"):
        expected = precision_recall_fscore_support(gold, predicted, average=mean, zero_division=0)[:3]
        assert [found.as_dict()[f"{mean}_{name}"] for name in ("precision", "recall", "f1")] == pytest.approx(expected)
    assert [found.micro_f1, found.macro_f1] == [found.as_dict()[name] for name in ("micro_f1", "macro_f1")]
    assert found.as_dict()["gold"] == gold.sum(0).tolist()


def test_shapes_must_fit():
    with pytest.raises(DataError, match=r"shapes \(1, 2\) and \(2, 2\)"):
        evaluate_labels(np.ones((2, 2), int), np.ones((1, 2), int), ("a", "b"))


def test_labels_that_are_not_known_are_judged_by_nowhere():
    gold, predicted = np.array([[1, -1], [0, 1], [-1, -1]]), np.array([[1, 1], [0, 0], [1, 1]])
    found = evaluate_labels(gold, predicted, ("a", "b"))
    assert (found.right, found.predicted, found.gold, found.known) == ((1, 0), (1, 0), (1, 1), (2, 1))
    assert (found.exact, found.examples) == (1, 2)
    alone = evaluate_labels(gold[:1], predicted[:1], ("a", "b")).as_dict()
    assert alone["macro_f1"] == 1.0 and alone["known"] == [1, 0]
    probabilities = np.array([[0.9, 0.8], [0.1, 0.4], [0.7, 0.6]])
    assert evaluate_calibration(probabilities, gold, several=True).brier == pytest.approx(
        (0.1**2 + 0.1**2 + 0.6**2) / 3
    )
    with pytest.raises(DataError, match="no label of any example is known"):
        evaluate_labels(gold[2:], predicted[2:], ("a", "b"))
