"""`TextVectorizer`, alone and in scikit-learn's hands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from mt2st import TextVectorizer


def make(**parameters):
    return TextVectorizer(**{"vector_size": 8, "passes": 5.0, "min_count": 1, "pair_min_count": 5} | parameters)


@pytest.fixture(scope="module")
def fitted(topics):
    texts, labels = topics(200)
    return make().fit(texts), texts, labels


def test_vectors_tell_topics_without_labels(fitted):
    found, texts, labels = fitted
    vectors = found.transform(texts)
    assert vectors.shape == (200, 8) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).mean() == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(vectors.mean(0), 0, atol=1e-5)
    near, same = vectors @ vectors.T, np.equal.outer(labels, labels)
    assert near[same].mean() > near[~same].mean() + 0.1


def test_a_text_has_the_same_vector_in_any_company(fitted):
    found, texts, _ = fitted
    np.testing.assert_allclose(found.transform(texts)[3:5], found.transform(texts[3:5]), atol=1e-6)
    assert found.transform([]).shape == (0, 8)
    empty, unknown = found.transform(["", "nothing known"])
    np.testing.assert_array_equal(empty, unknown)


def test_the_same_seed_gives_the_same_bits(fitted):
    found, texts, _ = fitted
    np.testing.assert_array_equal(make().fit_transform(texts), found.transform(texts))
    assert (make(random_state=1).fit_transform(texts) != found.transform(texts)).any()


def test_further_texts_are_learned_from_too(topics):
    texts, _ = topics(40)
    more, _ = topics(200, seed=4)
    found = make().fit(texts, unlabelled=more)
    assert set(" ".join(more).split()) <= set(found.columns_.words)


def test_it_stands_in_a_pipeline_and_is_searched(fitted):
    _, texts, labels = fitted
    pipeline = make_pipeline(make(), LogisticRegression(C=10.0))
    assert (cross_val_score(pipeline, texts, labels, cv=3) > 0.8).all()
    assert pipeline.fit(pd.Series(texts), labels).predict(pd.Series(texts)).shape == (200,)
    assert clone(make()).get_params() == make().get_params()
    search = GridSearchCV(pipeline, {"textvectorizer__vector_size": [2, 8]}, cv=2).fit(texts, labels)
    assert search.best_score_ > 0.8


def test_dimensions_have_names(fitted):
    found, texts, _ = fitted
    names = [f"vector{number}" for number in range(8)]
    assert found.get_feature_names_out().tolist() == names
    frame = make().set_output(transform="pandas").fit_transform(texts)
    assert isinstance(frame, pd.DataFrame) and frame.columns.tolist() == names
