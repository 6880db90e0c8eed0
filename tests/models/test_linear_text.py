"""Scores of a finished classifier: blocks times weights, and what each word adds to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.models.columns.build import choose_columns
from mt2st.models.columns.columns import weigh
from mt2st.models.columns.pairs import FIRST
from mt2st.models.linear_text import LinearText

TEXTS = ["a good good film, good!", "not good; not good", "the film was not bad", "bad bad plot", "the the plot"]
NEW = [*TEXTS, "", "zzz qqq", "!!", "good zzz film not bad", "film film film film", "badly goodish plots"]


def model_of(*, pairs=True, ngrams=True, shared=2, outputs=3, seed=0):
    """Return a model of random weights, whose words and pairs met twice have vectors."""
    chosen = choose_columns(TEXTS, [], pairs=pairs, ngrams=ngrams, min_count=1, shared=shared or 99)
    columns, random = chosen.columns, np.random.default_rng(seed)
    rows = len(columns.words) + len(chosen.pair_counts) if shared else 0
    grams = len(columns.ngrams) if ngrams else 0
    draw = lambda *shape: random.normal(size=shape).astype(np.float32)  # noqa: E731
    return LinearText(
        columns,
        draw(len(columns), outputs),
        draw(grams, outputs),
        draw(rows, outputs),
        random.uniform(0.1, 1, rows).astype(np.float32),
        draw(outputs),
    )


def scores_by_hand(model, text):
    """Return a text's scores in plain loops over what its docstring says."""
    numbered = model.columns.number([text])
    found = model.bias.astype(np.float64)
    blocks = [(model.columns.columns(numbered), model.columns.idf, model.weights)]
    if model.columns.ngram_idf is not None:
        blocks.append((model.columns.ngram_columns(numbered), model.columns.ngram_idf, model.ngram_weights))
    for columns, idf, weights in blocks:
        weighed = weigh(columns, idf)
        for column, value in zip(weighed.columns.ids, weighed.values, strict=True):
            found = found + float(value) * weights[column]
    own = [column for column in model.columns.columns(numbered).ids if column < len(model.row_weights)]
    if own:
        weights = model.row_weights[own].astype(np.float64)
        found = found + weights @ model.vector_weights[own] / weights.sum()
    return found


KINDS = [
    {},
    {"ngrams": False},
    {"pairs": False},
    {"shared": 0},
    {"shared": 1},
    {"outputs": 1, "pairs": False, "ngrams": False, "shared": 0},
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_scores_are_blocks_times_weights(kind):
    model = model_of(**kind)
    expected = [scores_by_hand(model, text) for text in NEW]
    np.testing.assert_allclose(model.scores(NEW), expected, rtol=1e-5, atol=1e-5)
    one_by_one = np.concatenate([model.scores([text]) for text in NEW])
    np.testing.assert_array_equal(model.scores(NEW), one_by_one)
    assert model.scores([]).shape == (0, len(model.bias))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_contributions_add_up_to_scores_less_the_bias(kind):
    model = model_of(**kind)
    for text in NEW:
        words, found = model.contributions(text)
        assert found.shape == (len(words), len(model.bias))
        np.testing.assert_allclose(found.sum(0), model.scores([text])[0] - model.bias, rtol=1e-4, atol=1e-5)


MODEL = model_of()
VOCABULARY = [*MODEL.columns.words, "zzz", "badly"]


@settings(max_examples=50)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=12))
def test_contributions_of_any_text_add_up(words):
    named, found = MODEL.contributions(" ".join(words))
    assert named == words
    np.testing.assert_allclose(found.sum(0), MODEL.scores([" ".join(words)])[0] - MODEL.bias, rtol=1e-4, atol=1e-5)


def test_words_say_what_their_own_columns_do_and_half_of_a_pair():
    model = model_of(ngrams=False, shared=0)
    names, keys = list(model.columns.words), model.columns.pairs.keys.tolist()
    model.weights[:] = 0
    model.weights[names.index("film")] = [1, 0, 0]
    model.weights[len(names) + keys.index(names.index("good") << 32 | names.index("film"))] = [0, 1, 0]
    model.weights[len(names) + keys.index(FIRST << 32 | names.index("the"))] = [0, 0, 1]
    words, found = model.contributions("the good film zzz")
    assert words == ["the", "good", "film", "zzz"]
    assert found[2, 0] > 0 and not found[[0, 1, 3], 0].any(), "the word's own"
    assert found[1, 1] == found[2, 1] > 0 and not found[[0, 3], 1].any(), "the pair's halves"
    assert found[0, 2] > 0 and not found[1:, 2].any(), "the pair of a text's first word has one word"


def test_a_text_unknown_throughout_has_the_bias_for_scores():
    model = model_of(ngrams=False)
    np.testing.assert_array_equal(model.scores(["", "zzz qqq"]), np.tile(model.bias.astype(np.float64), (2, 1)))
