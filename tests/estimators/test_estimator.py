"""An estimator keeps scikit-learn's contract before anybody has imported scikit-learn, and is one of its own after."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys

import pytest
import sklearn
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_validate

from mt2st import Switch, TextClassifier, TokenTagger

KINDS = TextClassifier, TokenTagger


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_those_of_the_signature_as_base_estimator_tells_them(kind):
    made = kind()
    assert made.get_params() == BaseEstimator.get_params(made) == made.get_params(deep=False)
    assert list(made.get_params()) == sorted(set(inspect.signature(kind).parameters))


def test_parameters_are_set_all_or_none():
    made = TextClassifier()
    assert made.set_params(C=2.0, pairs=False) is made and (made.C, made.pairs) == (2.0, False)
    with pytest.raises(ValueError, match=r"Invalid parameter 'size' for TextClassifier. Valid ones are: \['C', "):
        made.set_params(C=3.0, size=1)
    assert made.C == 2.0


def test_what_is_not_as_by_default_is_shown():
    assert repr(TextClassifier()) == "TextClassifier()"
    assert repr(TextClassifier(strategy=Switch(at=0.3), C=2.0)).startswith(
        "TextClassifier(C=2.0, strategy=Switch(at=0.3"
    )
    assert len(repr(TextClassifier(class_weight=dict.fromkeys(range(1000), 1.0)))) < 150


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_an_instance_and_a_copy_is_one_too(kind):
    made = kind()
    others = clone(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))
    assert all(isinstance(each, BaseEstimator) and each.get_params() == made.get_params() for each in (made, *others))
    assert is_classifier(made) == (kind is TextClassifier)
    assert "TextClassifier" in TextClassifier()._repr_html_()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_fitted_says_so_and_what_is_not_there_is_no_attribute(kind):
    with pytest.raises(NotFittedError, match="call fit first"):
        kind().predict([])
    assert not hasattr(kind(), "nothing_of_that_name")
    with pytest.raises(AttributeError, match=f"'{kind.__name__}' object has no attribute 'nothing'"):
        kind().nothing  # noqa: B018


def test_arguments_of_fit_are_routed(texts, labels):
    with sklearn.config_context(enable_metadata_routing=True):
        made = TextClassifier(C=1.0).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        weights = [1.0, 1.0] * 3 + [1.0, 0.0] * 3
        found = cross_validate(made, texts * 2, labels * 2, cv=2, params={"sample_weight": weights})
        assert found["test_score"].shape == (2,)
        assert clone(made).get_metadata_routing().fit.requests["sample_weight"] is True


def test_one_that_was_made_before_scikit_learn_came_joins_it_when_it_is_asked():
    code = """
import mt2st, sys
early = mt2st.TextClassifier(C=2.0)
print("sklearn" in sys.modules, early.get_params()["C"], hasattr(early, "set_fit_request"))
import sklearn
from sklearn.base import BaseEstimator, clone, is_classifier
sklearn.set_config(enable_metadata_routing=True)
print(early.set_fit_request(unlabelled=True) is early, early.get_metadata_routing().fit.requests["unlabelled"])
print(clone(early), is_classifier(early), isinstance(early, BaseEstimator))
print(isinstance(mt2st.TokenTagger(), BaseEstimator))
class Own(mt2st.TextClassifier):
    def fit(self, texts, labels, further=None):
        return super().fit(texts, labels)
print(sorted(Own().get_metadata_routing().fit.requests))
"""
    assert run(code) == [
        "False 2.0 False",
        "True True",
        "TextClassifier(C=2.0) True True",
        "True",
        "['further', 'labels', 'texts']",
    ]
