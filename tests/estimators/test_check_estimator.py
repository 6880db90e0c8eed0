"""scikit-learn's own checks give matrices of numbers; here each row becomes a sentence of its numbers written out."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.utils.estimator_checks import check_estimator

from mt2st import TokenTagger

MATRIX = "is about matrices of numbers: sentences are lists of strings, of any length"
EXPECTED = dict.fromkeys(
    (
        "check_n_features_in",
        "check_n_features_in_after_fitting",
        "check_complex_data",
        "check_dtype_object",
        "check_estimators_nan_inf",
        "check_estimator_sparse_tag",
        "check_estimator_sparse_array",
        "check_estimator_sparse_matrix",
        "check_estimators_empty_data_messages",
        "check_fit2d_1sample",
        "check_fit2d_1feature",
    ),
    MATRIX,
)
PASSED = 25


class OfNumbers(TokenTagger):
    def __init__(self, *, vector_size=4, hidden_size=4, passes=1.0, seed=1):
        super().__init__(vector_size=vector_size, hidden_size=hidden_size, passes=passes, seed=seed)

    def fit(self, X, y=None):  # noqa: N803
        sentences = written(X)
        tags = None if y is None else [[f"{tag}"] * len(row) for tag, row in zip(np.ravel(y), sentences, strict=True)]
        return super().fit(sentences, tags)

    def predict(self, X):  # noqa: N803
        tags = super().predict(written(X))
        return np.searchsorted(self.classes_, np.array(tags))

    def predict_proba(self, X):  # noqa: N803
        return np.array(super().predict_proba(written(X)))

    def score(self, X, y=None):  # noqa: N803
        sentences = written(X)
        return super().score(sentences, [[f"{tag}"] * len(row) for tag, row in zip(y, sentences, strict=True)])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.no_validation, tags.target_tags.two_d_labels = True, False, False
        return tags


def written(rows):
    if np.ndim(rows) != 2:
        raise ValueError(f"a matrix is needed, Reshape your data: {np.ndim(rows)} axes found")
    return [[f"{number:.1f}" for number in row] for row in rows]


def test_all_checks_that_sentences_can_pass():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check_estimator(OfNumbers(), expected_failed_checks=EXPECTED, on_fail=None, on_skip=None)
    failed = {each["check_name"]: each["exception"] for each in found if each["status"] == "failed"}
    assert failed == {}
    assert sum(each["status"] == "passed" for each in found) >= PASSED
