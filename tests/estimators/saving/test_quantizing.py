"""A quantized model says nearly what the whole one does, in a tenth of its bytes."""

from __future__ import annotations

import json
import lzma

import numpy as np
import pytest

import mt2st
from mt2st import TextClassifier
from mt2st.estimators.fitting import fit_text as fitting
from mt2st.estimators.saving import quantizing
from mt2st.estimators.saving.classifier_writing import _arrays
from mt2st.estimators.saving.quantizing import COARSEST, FINEST, PAIR_STEPS, quantize, restore
from mt2st.estimators.saving.sorted_columns import sort_columns
from mt2st.models.columns import TextColumns
from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.pairs import FIRST, Pairs, split_keys
from mt2st.models.linear_text import LinearText


@pytest.fixture(params=["words", "n-grams", "vectors", "two"])
def whole(request, topics, monkeypatch):
    """Return arrays and words of a fitted model, and its texts."""
    texts, labels = topics(120, 2 if request.param == "two" else 3)
    if request.param == "vectors":
        monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    size = 8 if request.param == "vectors" else 0
    ngrams = request.param in ("n-grams", "two")
    found = TextClassifier(C=1.0, ngrams=ngrams, vector_size=size, pair_min_count=2).fit(texts, labels)
    return *_arrays(found.fitted_), texts, found


def model_of(arrays, words):
    ngrams = NGrams(words) if "ngram_idf" in arrays else None
    columns = TextColumns(words, Pairs(arrays["pairs"], len(words)), arrays["idf"], ngrams, arrays.get("ngram_idf"))
    names = "weights", "ngram_weights", "vector_weights", "row_weights", "bias"
    model = LinearText(columns, *(np.ascontiguousarray(arrays[name], np.float32) for name in names))
    model.check()
    return model


def test_sorting_changes_no_score(whole):
    arrays, words, texts, found = whole
    again, ordered = sort_columns(arrays, words)
    assert ordered == sorted(words) and set(again) == set(arrays)
    new = [*texts, "", "unheard words", "word0x1 unheard word0x2"]
    np.testing.assert_allclose(
        model_of(again, ordered).scores(new), found.fitted_.model.scores(new), rtol=1e-4, atol=1e-5
    )
    left, right = split_keys(again["pairs"])
    shared = max(len(arrays["row_weights"]) - len(words), 0)
    for part in (slice(shared), slice(shared, None)):
        assert (np.diff(left[part]) >= 0).all()
        assert (np.diff(right[part])[np.diff(left[part]) == 0] > 0).all()
    assert FIRST in left


def test_what_is_restored_is_at_most_half_a_step_off(whole):
    arrays, ordered = sort_columns(*whole[:2])
    streams, description = quantize(arrays, lambda _: True)
    assert description["step"] == FINEST
    again = restore(streams, json.loads(json.dumps(description)))
    for name, least in (("idf", 1e-9), ("ngram_idf", 1e-9), ("row_weights", 1e-12)):
        if name in arrays and len(arrays[name]):
            span = max(np.ptp(arrays[name]), least)
            kept = again[name] if name == "ngram_idf" else again[name][: len(ordered)]
            expected = arrays[name] if name == "ngram_idf" else arrays[name][: len(ordered)]
            assert np.abs(kept - expected).max() <= 0.51 * span / 255
    words = len(ordered)
    moved = again["idf"][:words] * np.exp((1 - again["idf"][:words]) / 2)
    wrong = np.abs(again["weights"][:words] - arrays["weights"][:words]) * moved[:, None]
    assert wrong.max() <= 0.51 * FINEST
    assert again["weights"].dtype == np.float32 and again["pairs"].dtype == np.uint64


def test_pairs_that_say_two_steps_or_less_are_left_out_and_no_others(whole, monkeypatch):
    arrays, ordered = sort_columns(*whole[:2])
    words, shared = len(ordered), len(arrays["row_weights"])
    monkeypatch.setattr(quantizing, "FINEST", COARSEST)
    streams, description = quantize(arrays, lambda _: True)
    kept = set(restore(streams, description)["pairs"].tolist())
    idf = arrays["idf"].astype(float)
    steps = np.abs(arrays["weights"]).max(1) * idf * np.exp((1 - idf) / 2) / COARSEST
    for place, key in enumerate(arrays["pairs"].tolist()):
        column = words + place
        if column >= shared and abs(steps[column] - PAIR_STEPS - 0.5) > 0.05:  # roundings of idf apart
            assert (key in kept) == (steps[column] > PAIR_STEPS + 0.5)


def test_the_finest_step_that_fits_is_taken(whole):
    arrays, _ = sort_columns(*whole[:2])
    steps = {}

    def fits(streams):
        steps[len(steps)] = sum(own.nbytes for own in streams.values())
        return steps[len(steps) - 1] <= room

    room = 10**9
    streams, description = quantize(arrays, fits)
    assert description["step"] == FINEST
    room = int(0.8 * sum(own.nbytes for own in streams.values()))
    steps.clear()
    streams, description = quantize(arrays, fits)
    assert FINEST < description["step"] <= COARSEST
    size = sum(own.nbytes for own in streams.values())
    assert size == max(own for own in steps.values() if own <= room)
    room = 0
    assert quantize(arrays, fits)[1]["step"] == FINEST, "nothing fits: accuracy is kept"


def test_a_quantized_model_is_saved_again_and_quantized_again(tmp_path, whole):
    *_, texts, found = whole
    found.save(tmp_path / "one", quantize=True)
    small = mt2st.load(tmp_path / "one")
    small.save(tmp_path / "two")
    np.testing.assert_array_equal(mt2st.load(tmp_path / "two").decision_function(texts), small.decision_function(texts))
    small.save(tmp_path / "two", quantize=True)
    assert (mt2st.load(tmp_path / "two").predict(texts) == small.predict(texts)).mean() > 0.95


def read(path):
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t", 1) for line in file]


@pytest.mark.parametrize(("name", "number"), [("sst2", 2000), ("trec", 2000)])
def test_a_tenth_of_the_size_costs_at_most_half_a_point(tmp_path, shared_data, name, number):
    labels, texts = zip(*read(shared_data / name / "train.tsv.xz"), strict=True)
    found = TextClassifier(C=3.0, vector_size=0).fit(texts[:number], labels[:number])
    sizes = []
    for small in (False, True):
        found.save(tmp_path / "model", quantize=small)
        sizes.append(sum(file.stat().st_size for file in (tmp_path / "model").iterdir()))
    assert sizes[1] <= 0.1 * sizes[0]
    rest = list(texts[number:]), list(labels[number:])
    assert mt2st.load(tmp_path / "model").score(*rest) >= found.score(*rest) - 0.005
