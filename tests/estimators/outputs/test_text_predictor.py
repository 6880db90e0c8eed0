"""What is predicted of scores, whatever model they are of."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from mt2st.estimators.outputs.text_predictor import TextPredictor


def predictor(scores, classes, *, several=False):
    found = TextPredictor()
    model = SimpleNamespace(scores=lambda texts: np.array(scores, np.float64)[: len(texts)])
    found.fitted_ = SimpleNamespace(model=model, head=SimpleNamespace(temperature=1.0))
    found.classes_, found.several_ = np.array(classes), several
    return found


@pytest.mark.parametrize("classes", [["bad", "good"], [3, 7], [False, True]])
def test_the_second_of_two_classes_needs_a_score_above_zero(classes):
    scores = [[0.0], [-0.0], [5e-324], [-5e-324], [np.inf], [-np.inf], [0.5], [-0.5]]
    expected = [classes[score > 0] for (score,) in scores]
    made = predictor(scores, classes)
    found = made.predict(["a"] * len(scores))
    assert found.tolist() == expected and found.dtype == made.classes_.dtype
    found[:] = found[0]
    assert made.classes_.tolist() == classes, "what is predicted is the caller's own"
    assert [predictor([score], classes).predict(["a"]).tolist() for score in scores] == [[each] for each in expected]


def test_of_several_classes_the_first_with_the_highest_score():
    made = predictor([[0.0, 2.0, 2.0], [3.0, -1.0, 0.0], [-3.0, -2.0, -1.0]], ["a", "b", "c"])
    assert made.predict(["x", "y", "z"]).tolist() == ["b", "a", "c"]
    assert made.predict([]).tolist() == []


def test_of_labels_that_hold_at_once_all_above_zero_in_a_matrix_even_of_one():
    assert predictor([[0.0, 0.1], [-1.0, 5.0]], ["a", "b"], several=True).predict(["x", "y"]).tolist() == [[0, 1]] * 2
    assert predictor([[0.0], [0.1]], ["a"], several=True).predict(["x", "y"]).tolist() == [[0], [1]]
