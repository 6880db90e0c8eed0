"""Costs foretold: what grows makes them grow, what is left out costs nothing, and a clock is never asked."""

from __future__ import annotations

import time

import pytest

from mt2st import TextClassifier, TokenTagger
from mt2st.estimators.tuning import work
from mt2st.estimators.tuning.work import Amounts, classifier_work, tagger_work

FEW = Amounts(250, 5_000, 25_000, 0, 0, 0, 1, 0)
MUCH = Amounts(250, 5_000, 25_000, 8_000, 200_000, 1_000_000, 1, 0)


def cost(amounts, **parameters):
    return classifier_work(amounts, {**TextClassifier().get_params(), **parameters})


def test_by_hand_without_vectors():
    # 5,000 words read, 25,000 characters searched, and products of 250 texts of (1 + 1 + 10) columns a word.
    read = 0.02 + 5_000 * 5e-7 + 25_000 * 2e-7
    assert cost(FEW) == pytest.approx(read + 4e-10 * 250 * 60_000 + 4e-9 * 250**2 * 35)
    many = Amounts(2_000, 5_000, 25_000, 0, 0, 0, 1, 0)
    assert cost(many) == pytest.approx(read + 2e-8 * 60_000 * 35), "more texts are gone over by their columns"
    assert cost(FEW, vector_size=200) == cost(FEW)  # too little text to learn from
    alone = Amounts(250, 50_000, 250_000, 0, 0, 0, 1, 0)
    assert cost(alone, vector_size=200) == cost(alone) < cost(alone, passes=2.0)  # only labelled texts


def test_by_hand_with_vectors():
    read = 0.02 + 205_000 * 5e-7 + 1_025_000 * 2e-7
    watched = 0.025 + 5e-9 * (250 * 100**2 + 100**3)
    learned = watched + 10 * 205_000 * (8e-8 + 100 * 9e-10)
    fitted = 4e-10 * 250 * (60_000 + 25_000) + 4e-9 * 250**2 * 35 * 2.2
    assert cost(MUCH) == pytest.approx(read + learned + fitted)


def test_of_much_text_fewer_passes_and_the_n_grams_of_its_first_words_count():
    much = Amounts(250, 5_000, 25_000, 8_000, 9_995_000, 50_000_000, 1, 0)
    read = 0.02 + 10_000_000 * 5e-7 + (25_000 + 50_000_000 * 1_000_000 / 9_995_000) * 2e-7
    watched = 0.025 + 5e-9 * (250 * 100**2 + 100**3)
    fitted = 4e-10 * 250 * (60_000 + 25_000) + 4e-9 * 250**2 * 35 * 2.2
    for passes, planned in (("auto", 3), (7.0, 7)):
        learned = watched + planned * 10_000_000 * (8e-8 + 100 * 9e-10)
        assert cost(much, passes=passes) == pytest.approx(read + learned + fitted)


@pytest.mark.parametrize("more", [{"vector_size": 200}, {"passes": 20.0}])
def test_more_costs_more(more):
    assert cost(MUCH, **more) > cost(MUCH) > cost(MUCH, ngrams=False) > cost(MUCH, ngrams=False, pairs=False)


def test_outputs_and_helping_texts_cost():
    assert cost(Amounts(250, 5_000, 25_000, 0, 0, 0, 6, 0)) == pytest.approx(cost(FEW) + 5 * 4e-9 * 250**2 * 35)
    # Without vectors: 1,000 more words and 5,000 characters read, and their columns in a fit to their labels.
    beside = cost(Amounts(250, 5_000, 25_000, 100, 1_000, 5_000, 1, 1_000), vector_size=0)
    assert beside == pytest.approx(cost(FEW) + 1_000 * 5e-7 + 5_000 * 2e-7 + 2e-8 * 12_000)


def test_of_very_many_texts_one_fold_is_held_out():
    sizes = [cost(Amounts(count, 100_000, 500_000, 0, 0, 0, 1, 0), vector_size=0) for count in (5_000, 5_001)]
    assert sizes[1] < 0.6 * sizes[0]


def test_a_tagger_by_hand():
    parameters = {**TokenTagger(hidden_size=50, passes=2.0, vector_epochs=4).get_params(deep=False)}
    assert tagger_work(1_000, 0, 10_000, parameters) == pytest.approx(0.02 + 2_000 * (4e-6 + 4e-6) + 6e-7 * 44_000)
    assert tagger_work(1_000, 500, 0, parameters) > tagger_work(1_000, 0, 0, parameters)
    assert tagger_work(1_000, 0, 10_000, {**parameters, "vectors": "file"}) == pytest.approx(0.036)


def test_amounts_of_texts():
    found = Amounts.of(["one two", "three"], ["four"], 3, [(["five six"], 2), (["seven"], 1)])
    assert found == Amounts(2, 3, 12, 3, 4, 17, 3, 5)


def test_no_clock_is_asked(monkeypatch):
    monkeypatch.setattr(time, "perf_counter", None)
    monkeypatch.setattr(time, "process_time", None)
    assert cost(MUCH) > 0 and not hasattr(work, "time")
