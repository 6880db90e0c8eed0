"""Scores from bytes are those of `mt2st.text.tokenize`'s tokens, whatever the text."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.embeddings.subwords import SubwordIndex
from mt2st.embeddings.utf8 import join_utf8
from mt2st.errors import DataError
from mt2st.models.columns.build import choose_columns
from mt2st.models.columns.columns import weigh
from mt2st.models.columns.ngrams import LENGTHS
from mt2st.models.columns.text_bytes import text_bytes
from mt2st.models.linear_text import LinearText
from mt2st.models.scoring.names import BLOCK, CHUNK, MOST, TOGETHER
from mt2st.models.scoring.scorer import ngram_offsets
from mt2st.text import tokenize

# Each of these is a token, or nearly one.
PIECES = [
    *(
        "a",
        "ab",
        "it's",
        "don\u2019t",
        "'tis",
        "a'",
        "x'y'z",
        "9/10",
        "_",
        "a_b",
        "!",
        "?",
        "?!",
        "é",
        "naïve",
        "日本",
        "e\u0301a",
    ),
    *(
        ":)",
        ":-)",
        ":'(",
        ";-d",
        ":d",
        ":do",
        "=p",
        ":o9",
        ":/",
        "://",
        ":-/x",
        ":*",
        ":",
        ";",
        "=",
        ":'",
        ":-",
        "[",
        "|",
        "\n",
        "  ",
        "\x00",
        "K",
    ),
]
TEXTS = [" ".join(PIECES), "".join(PIECES), "good a ab ! ? :)", "film it's 9/10 :)"]


def model_of(texts, *, ngrams=True, outputs=2, seed=0):
    chosen = choose_columns(texts, [], pairs=True, ngrams=ngrams, min_count=1, shared=2)
    columns, random = chosen.columns, np.random.default_rng(seed)
    rows = len(columns.words) + len(chosen.pair_counts)
    draw = lambda *shape: random.normal(size=shape).astype(np.float32)  # noqa: E731
    grams = len(columns.ngrams.index.buckets) if ngrams else 0
    sizes = (len(columns), outputs), (grams, outputs), (rows, outputs)
    return LinearText(columns, *(draw(*size) for size in sizes), draw(rows) ** 2 + 0.1, draw(outputs))


MODEL = model_of(TEXTS)


def scores_by_tokens(model, text):
    """Return a text's scores by way of Python's tokens and their numbers."""
    numbered = model.columns.number([text])
    found = model.bias.astype(np.float64)
    blocks = [(model.columns.columns(numbered), model.columns.idf, model.weights)]
    if model.columns.ngram_idf is not None:
        blocks.append((model.columns.ngram_columns(numbered), model.columns.ngram_idf, model.ngram_weights))
    for columns, idf, weights in blocks:
        weighed = weigh(columns, idf)
        found = found + weighed.values.astype(np.float64) @ weights[weighed.columns.ids]
    own = [column for column in model.columns.columns(numbered).ids if column < len(model.row_weights)]
    if own:
        counts = model.row_weights[own].astype(np.float64)
        found = found + counts @ model.vector_weights[own] / counts.sum()
    return found


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12), st.sampled_from(["", " "]))
def test_any_text_has_the_scores_of_its_tokens(pieces, between):
    text = between.join(pieces)
    np.testing.assert_allclose(MODEL.scores([text])[0], scores_by_tokens(MODEL, text), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("outputs", [1, 2, 20])
@pytest.mark.parametrize("tokens", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 3])
def test_tokens_are_looked_up_in_blocks_and_pairs_across_them(tokens, outputs):
    model, random = model_of(["a b", "b a", "b b c"], outputs=outputs), np.random.default_rng(tokens)
    for _ in range(5):
        text = " ".join(random.choice(["a", "b", "c", "bac"], tokens))
        np.testing.assert_allclose(model.scores([text])[0], scores_by_tokens(model, text), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("characters", [1, 2, TOGETHER // MOST, TOGETHER // 4, TOGETHER, 10 * TOGETHER + 1])
@pytest.mark.parametrize("sign", ["a", "é"])
def test_ngrams_of_an_unknown_word_of_any_length_are_found(characters, sign):
    model = model_of([f"ab {sign * 4}b bbbb"])
    for word in (sign * characters + "q", "q" + "ab" * characters, "q" * characters + f"{sign}b"):
        assert model.columns.number([word]).unknown
        np.testing.assert_allclose(model.scores([word])[0], scores_by_tokens(model, word), rtol=1e-4, atol=1e-4)


def test_a_text_may_have_every_column_and_any_of_them_again():
    text = " ".join([*MODEL.columns.words] * 3)
    assert len(set(MODEL.columns.ngram_columns(MODEL.columns.number([text])).ids)) == len(MODEL.ngram_weights)
    np.testing.assert_allclose(MODEL.scores([text])[0], scores_by_tokens(MODEL, text), rtol=1e-4, atol=1e-4)


def test_scores_are_the_callers_own():
    first = MODEL.scores(["good film"])
    kept = first.copy()
    MODEL.scores(["9/10 a ab"])
    np.testing.assert_array_equal(first, kept)
    first[:] = 0
    np.testing.assert_array_equal(MODEL.scores(["good film"]), kept)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=10).map("".join))
def test_tokens_of_a_texts_bytes_are_the_texts(text):
    assert tokenize(text_bytes(text).decode()) == tokenize(text)


def test_many_texts_have_the_scores_that_each_has_alone():
    texts = [*TEXTS, "", "zzz", "\ud800 good", "a" * 300] * 300
    assert len(texts) > 2 * CHUNK
    together = MODEL.scores(texts)
    np.testing.assert_array_equal(together, np.concatenate([MODEL.scores([text]) for text in texts]))
    np.testing.assert_array_equal(MODEL.scores(texts[:2]), together[:2])
    for number in (CHUNK - 1, CHUNK, CHUNK + 1):
        np.testing.assert_array_equal(MODEL.scores(texts[:number]), together[:number])
    assert MODEL.scores([]).shape == (0, 2)


def test_threads_share_a_model():
    texts = [f"{text} {number}" for number in range(50) for text in TEXTS]
    expected = MODEL.scores(texts)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: MODEL.scores(texts), range(40)):
            np.testing.assert_array_equal(found, expected)
        for found in pool.map(lambda _: np.concatenate([MODEL.scores([text]) for text in texts]), range(8)):
            np.testing.assert_array_equal(found, expected)


def test_a_copy_and_a_pickled_model_score_alike_and_apart():
    model = model_of(TEXTS, ngrams=False)
    before = model.scores(TEXTS)
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(again.scores(TEXTS), before)
        again.weights[:] = 0
        assert not np.allclose(again.scores(TEXTS), before)
    np.testing.assert_array_equal(model.scores(TEXTS), before)


def test_ngrams_begin_where_the_index_of_subwords_says():
    words = ["is", "a", "naïve", "日本", "extraordinary", ":-)"]
    index = SubwordIndex.of(words, **LENGTHS)
    assert ngram_offsets(*join_utf8(words)).tolist() == (index.offsets - np.arange(len(words) + 1)).tolist()


@pytest.mark.parametrize("cut", ["columns", "weights", "ngrams", "more ngrams", "vectors", "type"])
def test_arrays_that_do_not_belong_together_are_refused(cut):
    model = model_of(TEXTS)
    columns, arrays = copy.deepcopy(model.columns), {**model.__dict__}
    arrays.pop("_scorer", None)
    if cut == "columns":
        columns.idf = columns.idf[:-1]
    elif cut == "weights":
        arrays["weights"] = model.weights[:-1]
    elif cut == "ngrams":
        columns.ngram_idf, arrays["ngram_weights"] = columns.ngram_idf[:-1], model.ngram_weights[:-1]
    elif cut == "more ngrams":
        columns.ngram_idf = np.append(columns.ngram_idf, np.float32(1))
        arrays["ngram_weights"] = np.append(model.ngram_weights, model.ngram_weights[:1], 0)
    elif cut == "vectors":
        arrays["vector_weights"] = model.vector_weights[:-1]
    else:
        arrays["weights"] = model.weights.astype(np.float64)
    with pytest.raises(DataError, match="do not belong together: copy it again"):
        LinearText(**{**arrays, "columns": columns}).check()
    model.check()


@pytest.mark.parametrize("text", ["a ://b", "a :/b", "a :do", "a :d", "a'b'", ":' a", ":-", "a_b", "9/10 :'(", "=p!"])
def test_emoticons_and_apostrophes_at_their_edges(text):
    np.testing.assert_allclose(MODEL.scores([text])[0], scores_by_tokens(MODEL, text), rtol=1e-4, atol=1e-4)
