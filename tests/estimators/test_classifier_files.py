"""Saved and read again: the same scores; quantized, nearly the same; damaged, an error that says so."""

from __future__ import annotations

import lzma

import numpy as np
import pytest

import mt2st
from mt2st import TextClassifier
from mt2st.errors import DataError
from mt2st.estimators import fitting


@pytest.fixture(params=["words", "n-grams", "vectors", "several"])
def classifier(request, topics, monkeypatch):
    texts, labels = topics(60, 3)
    if request.param == "vectors":
        monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    if request.param == "several":
        labels = [[label] for label in labels]
    size = 8 if request.param == "vectors" else 0
    parameters = {"ngrams": request.param == "n-grams", "vector_size": size, "pair_min_count": 2}
    return TextClassifier(C=1.0, **parameters).fit(texts, labels), texts, labels


def test_what_is_read_says_what_was_saved(tmp_path, classifier):
    found, texts, labels = classifier
    found.save(tmp_path / "model")
    again = mt2st.load(tmp_path / "model")
    for method in ("decision_function", "predict_proba", "predict"):
        np.testing.assert_array_equal(getattr(again, method)(texts), getattr(found, method)(texts))
    assert again.get_params() == found.get_params()
    assert again.classes_.tolist() == found.classes_.tolist() and again.several_ == found.several_
    assert again.score(texts, labels) == found.score(texts, labels)
    assert again.explain(texts[0]) == found.explain(texts[0])


def test_a_classifier_that_was_read_is_saved_again(tmp_path, classifier):
    found, texts, _ = classifier
    found.save(tmp_path / "one")
    mt2st.load(tmp_path / "one").save(tmp_path / "two")
    np.testing.assert_array_equal(mt2st.load(tmp_path / "two").decision_function(texts), found.decision_function(texts))


def test_quantized_it_is_small_and_says_nearly_the_same(tmp_path, classifier):
    found, texts, labels = classifier
    found.save(tmp_path / "whole")
    found.save(tmp_path / "small", quantize=True)
    small = mt2st.load(tmp_path / "small")
    sizes = [(tmp_path / name / "model.safetensors").stat().st_size for name in ("whole", "small")]
    assert sizes[1] < 0.6 * sizes[0]
    assert small.score(texts, labels) >= found.score(texts, labels) - 0.05


def test_it_goes_on_from_no_texts(tmp_path, classifier):
    found, texts, labels = classifier
    found.save(tmp_path / "model")
    with pytest.raises(DataError, match="read from a folder has no texts to go on from: fit one to all of them"):
        mt2st.load(tmp_path / "model").partial_fit(texts, labels)


@pytest.mark.parametrize("damage", ["model.safetensors", "vocabulary.json.gz", "model.json"])
def test_damage_is_told(tmp_path, texts, labels, damage):
    TextClassifier(C=1.0).fit(texts, labels).save(tmp_path / "model")
    file = tmp_path / "model" / damage
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(DataError, match="damaged"):
        mt2st.load(tmp_path / "model")
    file.unlink()
    with pytest.raises(DataError, match="no model there"):
        mt2st.load(tmp_path / "model")


def test_other_files_are_not_overwritten(tmp_path, texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="holds other files"):
        found.save(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "dear"
    found.save(tmp_path / "model")
    found.save(tmp_path / "model", quantize=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt", "model"]


def test_quantized_it_is_within_half_a_point_on_real_reviews(tmp_path, shared_data):
    with lzma.open(shared_data / "cr" / "all.tsv.xz", "rt", encoding="utf-8") as file:
        labels, texts = zip(*(line.rstrip("\n").split("\t", 1) for line in file), strict=True)
    found = TextClassifier(C=3.0, vector_size=0).fit(texts[1::2], labels[1::2])
    found.save(tmp_path / "small", quantize=True)
    small = mt2st.load(tmp_path / "small")
    whole = found.score(texts[::2], labels[::2])
    assert whole > 0.75
    assert abs(small.score(texts[::2], labels[::2]) - whole) <= 0.005


def test_a_quantized_model_is_a_tenth_and_all_but_agrees(tmp_path):
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(3000)]
    texts = [" ".join(random.choice(words, 12)) + (" fine" if number % 2 else " poor") for number in range(600)]
    labels = ["yes" if number % 2 else "no" for number in range(600)]
    classifier = TextClassifier(C=10.0).fit(texts, labels)
    sizes = []
    for name, quantize in (("whole", False), ("small", True)):
        classifier.save(tmp_path / name, quantize=quantize)
        sizes.append(sum(file.stat().st_size for file in (tmp_path / name).iterdir()))
    assert sizes[1] < 0.11 * sizes[0]
    small = mt2st.load(tmp_path / "small")
    assert (small.predict(texts) == classifier.predict(texts)).mean() > 0.995
