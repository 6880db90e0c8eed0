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

import mt2st
from mt2st import TextClassifier, TokenTagger
from mt2st.errors import ConfigError

KINDS = TextClassifier, TokenTagger


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()


def alone_and_joined(code):
    """Return what code prints before anybody has imported scikit-learn, and after."""
    return run(f"import mt2st\n{code}\nimport sklearn\n{code}")


@pytest.mark.parametrize("kind", ["TextClassifier", "TokenTagger"])
def test_parameters_are_those_of_the_signature_as_base_estimator_tells_them(kind):
    code = f"made = mt2st.{kind}(); print(made.get_params(), list(made.get_params()), made.get_params(deep=False))"
    alone, joined = alone_and_joined(code)
    assert alone == joined and str(sorted(inspect.signature(getattr(mt2st, kind)).parameters)) in alone


def test_parameters_are_set_or_refused_as_base_estimator_does():
    code = """
made = mt2st.TextClassifier()
print(made.set_params(C=2.0, pairs=False) is made, made.C, made.pairs)
try:
    made.set_params(size=1)
except ValueError as error:
    print(error)
"""
    found = alone_and_joined(code)
    assert found[:2] == found[2:]
    assert found[0] == "True 2.0 False"
    assert found[1].startswith(
        "Invalid parameter 'size' for estimator TextClassifier(C=2.0, pairs=False). Valid parameters are: ['C', "
    )


def test_what_is_not_as_by_default_is_shown():
    code = """
print(mt2st.TextClassifier(), mt2st.TextClassifier(class_weight="balanced", C=2.0))
print(*repr(mt2st.TextClassifier(strategy=mt2st.Switch(at=0.3))).split())
print(len(repr(mt2st.TextClassifier(strategy="x" * 2000))) < 1000)
"""
    found = alone_and_joined(code)
    assert found[:3] == found[3:]
    assert found[0] == "TextClassifier() TextClassifier(C=2.0, class_weight='balanced')"
    assert found[1].startswith("TextClassifier(strategy=Switch(at=0.3,") and found[2] == "True"


def test_what_a_subclass_hands_on_is_no_parameter_of_its_own():
    code = """
class Own(mt2st.TextClassifier):
    def __init__(self, lower=True, **others):
        super().__init__(**others)
        self.lower = lower
print(Own(lower=False, C=2.0), Own().get_params())
"""
    assert alone_and_joined(code) == ["Own(lower=False) {'lower': True}"] * 2


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


def test_what_was_made_before_scikit_learn_came_is_its_own_as_soon_as_it_is_there():
    code = """
import mt2st, sys
early = mt2st.TextClassifier(C=2.0)
class Own(mt2st.TextClassifier):
    def fit(self, texts, labels, further=None):
        return super().fit(texts, labels)
print("sklearn" in sys.modules, early.get_params()["C"], hasattr(early, "set_fit_request"))
import sklearn
from sklearn.base import BaseEstimator, clone, is_classifier
print(isinstance(early, BaseEstimator), issubclass(mt2st.TokenTagger, BaseEstimator), is_classifier(early))
sklearn.set_config(enable_metadata_routing=True)
print(early.set_fit_request(unlabelled=True) is early, early.get_metadata_routing().fit.requests["unlabelled"])
print(clone(early), sorted(Own().get_metadata_routing().fit.requests))
"""
    assert run(code) == [
        "False 2.0 False",
        "True True True",
        "True True",
        "TextClassifier(C=2.0) ['further', 'labels', 'texts']",
    ]


class Lowered(TextClassifier):
    """Has a parameter of its own, and settles most of those it has."""

    def __init__(self, lower=True, C=1.0):  # noqa: N803
        super().__init__(C=C, vector_size=0, ngrams=False)
        self.lower = lower


def test_a_subclass_may_settle_parameters(texts, labels, tmp_path):
    whole = TextClassifier(C=2.0, vector_size=0, ngrams=False).fit(texts, labels)
    own = clone(Lowered(C=2.0)).fit(texts, labels)
    assert own.get_params() == {"C": 2.0, "lower": True}
    own.save(tmp_path)
    read = mt2st.load(tmp_path)
    assert read.get_params() == whole.get_params()
    assert (
        read.predict_proba(texts).tolist() == own.predict_proba(texts).tolist() == whole.predict_proba(texts).tolist()
    )


class LoweredTagger(TokenTagger):
    def __init__(self, lower=True):
        super().__init__(vector_size=4, hidden_size=4, passes=2.0)
        self.lower = lower


def test_a_subclass_of_taggers_may_too_and_is_read_as_either(tmp_path):
    sentences, tags = [["the", "dog"], ["a", "cat"]] * 10, [["DET", "NOUN"]] * 20
    own = clone(LoweredTagger(lower=False)).fit(sentences, tags)
    own.save(tmp_path)
    read, base = LoweredTagger.load(tmp_path), mt2st.load(tmp_path)
    assert read.get_params() == {"lower": False} and type(base) is TokenTagger and base.hidden_size == 4
    assert own.predict(sentences) == read.predict(sentences) == base.predict(sentences)


@pytest.mark.parametrize("made", [Lowered(), LoweredTagger()])
def test_what_a_subclass_has_settled_cannot_be_tuned(made, texts, labels):
    data = ([["a", "b"]] * 20, [["x", "y"]] * 20) if isinstance(made, TokenTagger) else (texts * 4, labels * 4)
    with pytest.raises(ConfigError, match=f"{type(made).__name__} has no parameter '.*' to tune: name it in __init__"):
        made.autotune(*data)


def test_subclasses_are_registered_once():
    code = """
import mt2st
names = []
class Named(mt2st.TextClassifier):
    def __init_subclass__(cls, name, **others):
        super().__init_subclass__(**others)
        names.append(name)
class Own(Named, name="own"):
    pass
import sklearn
print(names, hasattr(Own, "set_fit_request"))
"""
    assert run(code) == ["['own'] True"]


def test_bases_in_the_wrong_order_are_refused_at_once_and_spoil_no_others():
    code = """
import mt2st
mt2st.TextClassifier
from sklearn.base import BaseEstimator
try:
    class Own(BaseEstimator, mt2st.TextClassifier):
        pass
except TypeError as error:
    print(mt2st.TextClassifier(), str(error)[:26])
"""
    assert run(code) == ["TextClassifier() Cannot create a consistent"]


def test_what_one_order_of_imports_pickles_the_other_reads():
    write = (
        "import mt2st, pickle; print(pickle.dumps([mt2st.TextClassifier(C=2.0), mt2st.TokenTagger(passes=1.0)]).hex())"
    )
    read = "import pickle, sys; print(*pickle.loads(bytes.fromhex({!r})), 'sklearn' in sys.modules)"
    told = "TextClassifier(C=2.0) TokenTagger(passes=1.0)"
    assert run(read.format(run(f"import sklearn; {write}")[0])) == [f"{told} False"]
    assert run(f"import sklearn; {read.format(run(write)[0])}") == [f"{told} True"]
