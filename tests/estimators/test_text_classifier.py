"""`TextClassifier`: what it learns, alone and in scikit-learn's hands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mt2st import TextClassifier
from mt2st.errors import DataError
from mt2st.estimators.fitting import fit_text as fitting


def same(one, two, texts):
    np.testing.assert_array_equal(one.decision_function(texts), two.decision_function(texts))
    np.testing.assert_array_equal(one.predict_proba(texts), two.predict_proba(texts))


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_classes_are_told(topics, classes):
    texts, labels = topics(120, classes)
    new, truth = topics(60, classes, seed=1)
    found = TextClassifier().fit(texts, labels)
    assert found.score(new, truth) > 0.9
    assert found.classes_.tolist() == sorted(set(labels)) and not found.several_
    given = found.predict_proba(new)
    assert given.shape == (60, classes)
    np.testing.assert_allclose(given.sum(1), 1)
    assert (found.classes_[given.argmax(1)] == found.predict(new)).all()
    assert found.decision_function(new).shape == ((60,) if classes == 2 else (60, classes))
    assert 0.7 < found.fitted_.head.accuracy <= 1


def tag(texts):
    """Return which topics' words each text has: of two topics, both, or neither."""
    return [[kind for kind in ("word0", "word1") if kind in text] for text in texts]


@pytest.mark.parametrize("matrix", [False, True])
def test_several_labels_are_told(topics, matrix):
    (first, _), (second, _) = topics(90, 3), topics(90, 2, seed=3)
    texts = [f"{one} {two}" if place % 3 else one for place, (one, two) in enumerate(zip(first, second, strict=True))]
    lists = tag(texts)
    truth = np.array([[kind in own for kind in ("word0", "word1")] for own in lists]).astype(int)
    found = TextClassifier().fit(texts, truth if matrix else lists)
    assert found.several_ and found.classes_.tolist() == ([0, 1] if matrix else ["word0", "word1"])
    assert found.predict(texts).tolist() == truth.tolist()
    assert found.score(texts, truth if matrix else lists) == 1.0
    assert found.predict_proba(texts).shape == found.decision_function(texts).shape == truth.shape
    if not matrix:
        assert found.score(texts[:1], [["word9"]]) == 0.0
        with pytest.raises(DataError, match="a list of labels for each text, or a matrix, is expected"):
            found.score(texts[:1], ["word0"])


def test_the_same_seed_gives_the_same_bits(topics, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    texts, labels = topics(60)

    def make(seed):
        return TextClassifier(vector_size=8, passes=2.0, pair_min_count=2, random_state=seed).fit(texts, labels)

    first, again, other = make(1), make(1), make(2)
    assert first.fitted_.vectors is not None, "there is a multi-task phase"
    same(first, again, texts)
    assert (first.decision_function(texts) != other.decision_function(texts)).any()
    same(TextClassifier(workers=1).fit(texts, labels), TextClassifier(workers=1).fit(texts, labels), texts)


def test_vectors_are_learned_from_labelled_texts_alone_only_if_passes_are_asked_for(topics, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    (texts, labels), more = topics(60), topics(60)[0]

    def learned(passes, unlabelled):
        found = TextClassifier(C=1.0, vector_size=8, passes=passes, pair_min_count=2)
        return found.fit(texts, labels, unlabelled=unlabelled).fitted_.vectors is not None

    assert not learned("auto", None)
    assert not learned("auto", more[:1]), "10 words"
    assert learned("auto", more)
    assert learned(2.0, None)


def test_the_head_has_the_same_bits_with_any_number_of_workers(topics):
    texts, labels = topics(60, 3)
    same(TextClassifier(workers=1).fit(texts, labels), TextClassifier(workers=2).fit(texts, labels), texts)


def test_auxiliaries_and_unlabelled_text_are_learned_from(topics):
    """Words that no labelled text has can only be told by the auxiliary's vectors."""
    texts, labels = topics(20)
    more, kinds = topics(400, seed=5)
    alone = TextClassifier(ngrams=False).fit(texts, labels)
    helped = TextClassifier(ngrams=False, vector_size=16).fit(texts, labels, auxiliary={"same": (more, kinds)})
    assert alone.fitted_.vectors is None and helped.fitted_.vectors.table.shape[1] == 16
    assert helped.fitted_.records, "the multi-task phase left a record"
    unseen = [word for word in {w for text in more for w in text.split()} if word not in " ".join(texts).split()]
    assert not [word for word in unseen if word in alone.fitted_.model.columns.words]
    new, truth = topics(200, seed=9)
    assert helped.score(new, truth) >= alone.score(new, truth)


def test_it_is_cloned_and_searched(topics):
    texts, labels = topics(60)
    classifier = TextClassifier(C=2.0, class_weight="balanced")
    assert clone(classifier).get_params() == classifier.get_params()
    search = GridSearchCV(TextClassifier(), {"C": [0.001, 1.0], "pairs": [True, False]}, cv=3)
    search.fit(texts, labels)
    assert search.best_score_ > 0.8 and search.best_estimator_.score(texts, labels) > 0.9
    assert (cross_val_score(TextClassifier(C=1.0), texts, labels, cv=3) > 0.8).all()
    assert len(cross_val_predict(TextClassifier(C=1.0), texts, labels, cv=3, method="predict_proba")) == 60


def test_cross_validation_of_several_labels(topics):
    texts, labels = topics(60)
    truth = np.array([[label == "topic0", label == "topic1"] for label in labels]).astype(int)
    scores = cross_val_score(TextClassifier(C=1.0), texts, truth, cv=3, scoring="f1_micro")
    assert (scores > 0.8).all()
    assert f1_score(truth, TextClassifier(C=1.0).fit(texts, truth).predict(texts), average="micro") > 0.9


def test_it_stands_in_a_pipeline(texts, labels):
    upper = FunctionTransformer(lambda column: [text.upper() for text in column])
    found = make_pipeline(upper, TextClassifier(C=1.0)).fit(texts, labels)
    assert found.predict(["a good one"]).tolist() == ["pos"]
    weighed = Pipeline([("upper", upper), ("text", TextClassifier(C=1.0))])
    assert weighed.fit(texts, labels, text__sample_weight=np.ones(6)).score(texts, labels) == 1.0


def test_a_weight_of_two_is_a_row_twice(topics, monkeypatch):
    """With the columns given: document frequencies count texts, weighed or not, as scikit-learn's do."""
    monkeypatch.setattr(fitting, "widened", lambda before, *_, **__: (before, before.model.columns))
    texts, labels = topics(60, 3)
    start = lambda: TextClassifier(C=3.0).partial_fit(texts[:30], labels[:30])  # noqa: E731
    weighed = start().partial_fit(texts[30:], labels[30:], sample_weight=[2.0] * 10 + [1.0] * 20)
    twice = start().partial_fit(texts[30:] + texts[30:40], labels[30:] + labels[30:40])
    absent = start().partial_fit(texts[30:], labels[30:], sample_weight=[0.0] * 10 + [1.0] * 20)
    without = start().partial_fit(texts[40:], labels[40:])
    for one, two in ((weighed, twice), (absent, without)):
        scale = abs(two.decision_function(texts)).max()
        np.testing.assert_allclose(one.decision_function(texts), two.decision_function(texts), atol=0.01 * scale)
    assert abs(weighed.decision_function(texts) - absent.decision_function(texts)).max() > 0.1


def test_what_all_texts_count_on_the_mean_changes_nothing(topics):
    texts, labels = topics(90, 3)
    weights = np.random.default_rng(0).uniform(0.5, 2.0, 90)
    one = TextClassifier().fit(texts, labels, weights)
    small = TextClassifier().fit(texts, labels, weights / weights.sum())
    np.testing.assert_allclose(small.predict_proba(texts), one.predict_proba(texts), atol=1e-4)


def test_copies_of_texts_make_it_no_surer(topics):
    """Held out of a fold, a text would else be judged by its copies, told right, and new texts as surely."""
    texts, _ = topics(80)
    labels = np.random.default_rng(0).integers(0, 2, 80).tolist()  # nothing to learn
    many = TextClassifier().fit([*texts, *map(str.upper, texts)], labels * 2)
    assert many.fitted_.head.accuracy < 0.7
    new, _ = topics(200, seed=9)
    assert many.predict_proba(new).max(1).mean() < 0.75


def test_other_labels_of_the_same_texts_make_it_no_surer(topics):
    texts, labels = topics(60)
    others, kinds = topics(60, seed=5)
    alone = TextClassifier().fit(texts, labels, auxiliary={"other": (others, kinds)})
    shared = TextClassifier().fit(texts, labels, auxiliary={"other": (others + texts, kinds + labels)})
    same(alone, shared, texts)


def test_weights_of_classes_shift_what_is_said(topics):
    texts, labels = topics(60)
    rare = texts[:60:2] + texts[1:11:2], labels[:60:2] + labels[1:11:2]
    plain, balanced, heavy = (
        TextClassifier(C=0.3, class_weight=weight).fit(*rare)
        for weight in (None, "balanced", {"topic1": 6.0, "topic0": 35 / 60})
    )
    means = [each.decision_function(texts).mean() for each in (plain, balanced, heavy)]
    assert means[0] < means[1] - 0.1
    by_sample = TextClassifier(C=0.3).fit(*rare, sample_weight=[35 / 60] * 30 + [35 / 10] * 5)
    np.testing.assert_allclose(
        by_sample.decision_function(texts), balanced.decision_function(texts), rtol=1e-5, atol=1e-6
    )


def test_labels_that_count_nothing_say_nothing(topics, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    texts, labels = topics(60)
    one, other = (
        TextClassifier(C=1.0, vector_size=8, passes=2.0, pair_min_count=2).fit(
            texts, labels[:40] + rest, sample_weight=[1.0] * 40 + [0.0] * 20
        )
        for rest in (labels[40:], labels[40:][::-1])
    )
    np.testing.assert_array_equal(one.fitted_.vectors.table, other.fitted_.vectors.table)


@pytest.mark.parametrize("weight", ["balanced", {"a": 7.0}])
def test_weights_of_several_labels_are_those_of_each_alone(topics, weight):
    """As a classifier for each label on its own has them, `TextClassifier` for two classes or scikit-learn's."""
    texts, _ = topics(60)
    truth = np.stack([np.arange(60) % 4 == 0, np.arange(60) % 3 == 0], axis=1)
    found = TextClassifier(C=3.0, class_weight=weight).fit(texts, pd.DataFrame(truth, columns=["a", "b"]))
    for place, own in enumerate([weight, weight if weight == "balanced" else None]):
        told = own if own in ("balanced", None) else {1: own["a"]}
        alone = TextClassifier(C=3.0, class_weight=told).fit(texts, truth[:, place].astype(int))
        np.testing.assert_allclose(
            found.decision_function(texts)[:, place], alone.decision_function(texts), atol=0.02, rtol=0.01
        )
    with pytest.raises(DataError, match="class_weight names 'new', which no text has"):
        TextClassifier(class_weight={"new": 1}).fit(texts, [["a"], []] * 30)


def test_partial_fit_fits_the_head_to_all_texts(topics):
    texts, labels = topics(90, 3)
    kinds = sorted(set(labels))
    found = TextClassifier(C=1.0)
    found.partial_fit(texts[:1], labels[:1], classes=kinds)
    found.partial_fit(np.array(texts[1:40]), np.array(labels[1:40])).partial_fit(texts[40:], labels[40:])
    assert set(found.fitted_.model.columns.words) == {word for text in texts for word in text.split()}
    assert found.classes_.tolist() == kinds
    whole = TextClassifier(C=1.0).partial_fit(texts[:1], labels[:1], classes=kinds).partial_fit(texts[1:], labels[1:])
    same(found, whole, texts)
    after = TextClassifier(C=1.0).fit(texts[:30], labels[:30]).partial_fit(texts[30:], labels[30:])
    assert after.score(texts, labels) > 0.9


def test_partial_fit_takes_several_labels_in_every_form(topics):
    texts, labels = topics(20)
    lists = [[label] for label in labels]
    truth = np.array([[label == "topic0", label == "topic1"] for label in labels]).astype(int)
    by_list = TextClassifier(C=1.0).fit(texts, lists).partial_fit(texts[:1], lists[:1])
    by_matrix = TextClassifier(C=1.0).fit(texts, truth).partial_fit(texts[:1], truth[:1])
    same(by_list, by_matrix, texts)
    with pytest.raises(
        DataError, match="labels: a list of labels for each text, or a matrix, is expected: one label each found"
    ):
        by_list.partial_fit(texts[:1], labels[:1])


def test_partial_fit_refuses_what_it_cannot_go_on_from(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    with pytest.raises(DataError, match=r"labels\[0\]: 'new' is none of 'neg', 'pos'"):
        found.partial_fit(["a"], ["new"])
    with pytest.raises(DataError, match="texts and labels must be as many, 1 and 2 found"):
        found.partial_fit(["a"], labels[:2])
    assert found.partial_fit(texts, labels).score(texts, labels) == 1.0, "a refusal changes nothing"


def test_partial_fit_goes_on_with_texts_that_count_nothing(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    found.partial_fit(["good bad"], ["neg"], sample_weight=[0])
    whole = TextClassifier(C=1.0).fit([*texts, "good bad"], [*labels, "neg"], sample_weight=[1] * 6 + [0])
    np.testing.assert_allclose(found.decision_function(texts), whole.decision_function(texts), atol=1e-5)
    for fit in (TextClassifier().fit, TextClassifier().partial_fit):
        with pytest.raises(DataError, match="leave no text that counts"):
            fit(texts, labels, sample_weight=[0] * 6)


def test_partial_fit_refuses_other_classes_later(texts, labels):
    found = TextClassifier(C=1.0).partial_fit(texts, labels, classes=["pos", "neg", "so"])
    assert found.partial_fit(texts, labels, classes=np.array(["so", "pos", "neg"])).classes_.tolist() == [
        "neg",
        "pos",
        "so",
    ]
    with pytest.raises(DataError, match=r"classes are \['neg', 'pos'\], were \['neg', 'pos', 'so'\]: leave them out"):
        found.partial_fit(texts, labels, classes=["neg", "pos"])
    with pytest.raises(DataError, match="'new' is none of 'neg', 'pos', 'so': name it in the first classes"):
        found.partial_fit(["a"], ["new"])
    with pytest.raises(DataError, match="classes have 1 class"):
        TextClassifier().partial_fit(texts, labels, classes=["pos"])
    with pytest.raises(DataError, match="classes are of several kinds"):
        TextClassifier().partial_fit(texts, labels, classes=["pos", 1])


def test_words_explain_scores(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    said = found.explain("good unseen film")
    assert [word for word, _ in said] == ["good", "unseen", "film"]
    assert said[0][1]["pos"] > abs(said[2][1]["pos"])
    total = sum(each["pos"] for _, each in said) + found.fitted_.model.bias[0]
    assert total == pytest.approx(found.decision_function(["good unseen film"])[0], rel=1e-5)
    three = TextClassifier(C=1.0).fit(texts, ["a", "b", "c"] * 2)
    assert list(three.explain("good")[0][1]) == ["a", "b", "c"]


def test_an_explanation_and_the_bias_add_up_to_the_score(topics):
    texts, labels = topics(60)
    found = TextClassifier(C=3.0).fit(texts, labels)
    for text, score in zip(texts[:5], found.decision_function(texts), strict=False):
        said = sum(row["topic1"] for _, row in found.explain(text))
        assert said + found.fitted_.model.bias[0] == pytest.approx(score, abs=1e-5)


def test_it_is_fitted_before_it_predicts():
    from sklearn.exceptions import NotFittedError

    for method in ("predict", "predict_proba", "decision_function", "explain"):
        with pytest.raises(NotFittedError):
            getattr(TextClassifier(), method)(["a"])


def test_words_explain_what_auxiliaries_and_vectors_say_too(topics):
    texts, labels = topics(20)
    found = TextClassifier(vector_size=8, pair_min_count=3).fit(texts, labels, auxiliary={"same": topics(200, seed=5)})
    for text in topics(5, seed=9)[0]:
        total = sum(each["topic1"] for _, each in found.explain(text)) + found.fitted_.model.bias[0]
        assert total == pytest.approx(found.decision_function([text])[0], rel=1e-4, abs=1e-5)
