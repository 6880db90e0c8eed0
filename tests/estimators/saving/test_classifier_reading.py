"""Saved and read again: the same scores; quantized, nearly the same; damaged, an error that says so."""

from __future__ import annotations

import json
import lzma

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

import mt2st
from mt2st import TextClassifier
from mt2st.errors import ConfigError, DataError
from mt2st.estimators.fitting import fit_text as fitting


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


def test_one_that_was_read_does_not_go_on(tmp_path, classifier):
    found, texts, labels = classifier
    found.save(tmp_path / "model")
    found.save(tmp_path / "whole", texts=True)
    for name in ("model", "whole"):
        with pytest.raises(
            DataError, match=r"read from a folder cannot go on, as .* are not kept there: fit one to all"
        ):
            mt2st.load(tmp_path / name).partial_fit(texts, labels)
    assert mt2st.load(tmp_path / "whole").training_texts()[0] == texts


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
    found.save(tmp_path / "model", texts=True)
    found.save(tmp_path / "model", quantize=True)
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "README.md",
        "model.json",
        "model.safetensors",
        "vocabulary.json.xz",
    ]
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


def test_another_programs_model_is_not_replaced(tmp_path, texts, labels):
    (tmp_path / "data").mkdir()
    (tmp_path / "model.json").write_text('{"learner": {"gradient_booster": {}}}')
    with pytest.raises(DataError, match=r"holds other files \(data, model.json\): give an empty folder"):
        TextClassifier(C=1.0).fit(texts, labels).save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "model.json"]


def test_notes_beside_a_model_are_not_lost(tmp_path, texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    found.save(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"holds notes\.txt beside a text classifier, and would lose it"):
        found.save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine" and mt2st.load(tmp_path).predict(["good"]) == ["pos"]


@pytest.mark.parametrize(
    "own",
    [
        {"vector_size": np.array([10, 20])},
        {"C": np.float32([0.5, 2.0])},
        {"pairs": np.array([True, False])},
        {"ngrams": np.array([True, False])},
        {"random_state": np.arange(2), "min_count": np.arange(1, 3, dtype=np.int16), "passes": np.float32([1.0])},
    ],
)
def test_what_a_grid_of_numpy_found_is_saved(tmp_path, texts, labels, own):
    grid = GridSearchCV(TextClassifier(C=1.0), own, cv=2).fit(texts, labels)
    for name, quantize in (("whole", False), ("small", True)):
        grid.best_estimator_.save(tmp_path / name, quantize=quantize)
        assert mt2st.load(tmp_path / name).get_params() == grid.best_estimator_.get_params()


@pytest.mark.parametrize(
    ("weights", "labels"),
    [
        ({0: 5.0, 1: 1.0}, [1, 0] * 3),
        ({np.int64(0): np.float32(5.0), np.int64(1): 1}, [1, 0] * 3),
        ({True: 2.0, False: 1.0}, [True, False] * 3),
        ({"strategy": 2.0, "settings": 1.0}, ["strategy", "settings"] * 3),
        ({"pairs": 2.0}, ["pairs", "other"] * 3),
    ],
)
def test_weights_of_classes_of_any_kind_come_back(tmp_path, texts, weights, labels):
    found = TextClassifier(C=1.0, class_weight=weights).fit(texts, labels)
    found.save(tmp_path / "model")
    again = mt2st.load(tmp_path / "model")
    assert again.class_weight == weights
    assert [type(label) for label in again.class_weight] == [type(np.array(label).item()) for label in weights]
    fresh = clone(again).fit(texts, labels)
    np.testing.assert_array_equal(fresh.decision_function(texts), found.decision_function(texts))


def test_weights_of_an_earlier_version_are_read(tmp_path, texts, labels):
    TextClassifier(C=1.0).fit(texts, labels).save(tmp_path / "model")
    file = tmp_path / "model" / "model.json"
    description = json.loads(file.read_text())
    description["parameters"]["class_weight"] = {"pos": 2.0}
    file.write_text(json.dumps(description))
    assert mt2st.load(tmp_path / "model").class_weight == {"pos": 2.0}


def test_labels_without_an_encoding_come_back(tmp_path, texts):
    found = TextClassifier(C=1.0).fit(texts, ["\ud800", 'a\\"\udfff'] * 3)
    for quantize in (False, True):
        found.save(tmp_path / "model", quantize=quantize, texts=True)
        again = mt2st.load(tmp_path / "model")
        assert again.classes_.tolist() == found.classes_.tolist()
        assert again.training_texts() == found.training_texts()


@pytest.mark.parametrize("kinds", [(b"a", b"b"), (pd.Timestamp(2026, 1, 1), pd.Timestamp(2026, 1, 2)), (1j, 2j)])
def test_labels_that_no_file_can_have_are_told(tmp_path, texts, labels, kinds):
    found = TextClassifier(C=1.0).fit(texts, labels)
    found.classes_ = np.array(kinds)
    for quantize in (False, True):
        with pytest.raises(DataError, match=r"the label .* cannot be saved: make labels strings or numbers, then fit"):
            found.save(tmp_path / "model", quantize=quantize)
    assert not [*tmp_path.iterdir()]


def test_a_setting_that_no_file_can_have_is_told(tmp_path, texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels).set_params(random_state=np.random.RandomState(0))
    with pytest.raises(ConfigError, match=r"random_state RandomState.* cannot be saved: set a number.* by set_params"):
        found.save(tmp_path / "model")
    found.set_params(random_state=0).save(tmp_path / "model")
    assert mt2st.load(tmp_path / "model").predict(texts).tolist() == found.predict(texts).tolist()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "the model is damaged .model.json holds no object"),
        ("3", "damaged"),
        ('{"kind": "tree"}', "the model there is not a text classifier"),
        ('{"kind": "text classifier"}', "damaged"),
        ('{"kind": "text classifier", "format": 9}', "of format 9, this mt2st reads 2"),
    ],
)
def test_a_description_that_is_none_is_told(tmp_path, content, says):
    (tmp_path / "model.json").write_text(content)
    with pytest.raises(DataError, match=says):
        mt2st.load(tmp_path)


def test_a_file_is_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.tsv").write_text("pos\tgood\n")
    with pytest.raises(DataError, match=r"^e\.tsv: this is a file: give the folder that save wrote"):
        mt2st.load("e.tsv")
    with pytest.raises(DataError, match=r"^e\.tsv: this is a file: give the folder that save wrote"):
        mt2st.TokenTagger.load("e.tsv")
    with pytest.raises(DataError, match="File name too long"):
        mt2st.load("x" * 300)


def test_a_card_says_what_is_told_and_labels_are_no_markup(tmp_path, texts, labels):
    names = [f"<b>a_{label}\n# top" for label in labels]
    TextClassifier(C=1.0).fit(texts, names).save(tmp_path / "one")
    card = (tmp_path / "one" / "README.md").read_text()
    assert "Labels a text as one of: &lt;b&gt;a\\_" in card and "\n\nAccuracy by cross-validation" in card
    assert "<b>" not in card and "\n# top" not in card
    TextClassifier(C=1.0).fit(texts, [[name] for name in names]).save(tmp_path / "several")
    card = (tmp_path / "several" / "README.md").read_text()
    assert (
        "Labels a text with any of: &lt;b&gt;" in card and "Share of the labels told right by cross-validation" in card
    )
