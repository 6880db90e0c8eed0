"""Scikit-learn's own checks. They hand over matrices of numbers, which are written here as texts."""

from __future__ import annotations

import joblib
import numpy as np
import pytest
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mt2st import TextClassifier, TextVectorizer, TokenTagger


def as_texts(matrix):
    """Return a text for each row: a word for each column, with its value's size in quarters."""
    sizes = np.clip(np.rint(4 * np.asarray(matrix, np.float64)), -1000, 1000).astype(int) + 1000
    return [" ".join(f"c{column}v{size}" for column, size in enumerate(row)) for row in sizes]


class OfNumbers:
    """Takes a matrix where texts are wanted, checked as scikit-learn would."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.one_d_array, tags.input_tags.two_d_array = False, False, True
        return tags

    def fit(self, X, y=None, **more):  # noqa: N803
        return super().fit(as_texts(validate_data(self, X)), y, **more)

    def _texts(self, matrix):
        check_is_fitted(self)
        if isinstance(matrix, list) and all(isinstance(text, str) for text in matrix):
            return matrix  # one method of the estimator calls another
        return as_texts(validate_data(self, matrix, reset=False))


class ClassifierOfNumbers(OfNumbers, TextClassifier):
    def partial_fit(self, X, y, classes=None, sample_weight=None):  # noqa: N803
        first = not hasattr(self, "fitted_")
        return super().partial_fit(as_texts(validate_data(self, X, reset=first)), y, classes, sample_weight)

    def predict(self, X):  # noqa: N803
        return super().predict(self._texts(X))

    def predict_proba(self, X):  # noqa: N803
        return super().predict_proba(self._texts(X))

    def decision_function(self, X):  # noqa: N803
        return super().decision_function(self._texts(X))

    def score(self, X, y, sample_weight=None):  # noqa: N803
        return super().score(self._texts(X), y, sample_weight)


class VectorizerOfNumbers(OfNumbers, TextVectorizer):
    def transform(self, X):  # noqa: N803
        return super().transform(self._texts(X))


NOT_HELD = {
    "check_requires_y_none": "the message names labels, as the parameter is called",
    "check_classifiers_multilabel_representation_invariance": "a matrix of lists is refused: lists are labels by name",
}


@pytest.mark.parametrize(
    ("estimator", "not_held"),
    [
        (ClassifierOfNumbers(C=10.0), NOT_HELD),
        (VectorizerOfNumbers(vector_size=4, passes=1.0, min_count=1), {}),
    ],
    ids=["classifier", "vectorizer"],
)
def test_scikit_learns_checks_hold(estimator, not_held):
    found = check_estimator(estimator, expected_failed_checks=not_held, on_skip=None)
    assert len(found) > 40
    assert {each["check_name"] for each in found if each["status"] == "xfail"} == set(not_held)


@pytest.mark.parametrize("estimator", [TextClassifier(), TextVectorizer()])
def test_texts_alone_are_taken_for_what_they_are(estimator):
    tags = estimator.__sklearn_tags__().input_tags
    assert (tags.string, tags.one_d_array, tags.two_d_array) == (True, True, False)
    with pytest.warns(SkipTestWarning, match="Can't test estimator"):
        assert check_estimator(estimator, on_skip=None)


def mapped(estimator, folder):
    """Return an estimator whose arrays joblib maps from a file, read-only, as it does in its workers."""
    joblib.dump(estimator, folder / "one")
    return joblib.load(folder / "one", mmap_mode="r")


def test_a_classifier_that_was_used_does_all_with_arrays_that_joblib_maps(texts, labels, tmp_path):
    classifier = TextClassifier(C=1.0, ngrams=True).fit(texts, labels)
    expected = classifier.predict_proba(texts), classifier.explain("good film"), classifier.nearest("good film")
    found = mapped(classifier, tmp_path)
    assert not found.fitted_.model.weights.flags.writeable
    assert np.array_equal(found.predict_proba(texts), expected[0])
    assert (found.explain("good film"), found.nearest("good film")) == expected[1:]
    more = classifier.partial_fit(["quite good"], ["pos"]).predict_proba(texts)
    assert np.array_equal(found.partial_fit(["quite good"], ["pos"]).predict_proba(texts), more)


def test_a_tagger_and_a_vectorizer_that_were_used_do_with_arrays_that_joblib_maps(texts, tmp_path):
    sentences, tags = [["the", "dog"], ["a", "cat"]] * 10, [["DET", "NOUN"]] * 20
    tagger = TokenTagger(vector_size=8, hidden_size=8, passes=1.0).fit(sentences, tags)
    expected = tagger.predict(sentences)
    assert mapped(tagger, tmp_path).predict(sentences) == expected
    vectorizer = TextVectorizer(vector_size=8, min_count=1).fit(texts)
    assert np.array_equal(mapped(vectorizer, tmp_path).transform(texts), vectorizer.transform(texts))
