from __future__ import annotations

import numpy as np
import pytest

from mt2st.evaluation import find_scheme
from mt2st.models.kernels.window_parts import Encoder, Head
from mt2st.models.window import model as window_model
from mt2st.models.window.encoder import WindowEncoder
from mt2st.models.window.model import WindowModel, allowed_links, parts_of
from mt2st.models.window.rows import WindowSizes, encode_windows

WORDS = ["the", "cat", "dog"]


def make(scheme=None, classes=("O", "B-X", "I-X")):
    draw = np.random.default_rng(1)

    def array(*shape):
        return draw.normal(0, 1, shape).astype(np.float32)

    encoder = WindowEncoder.new(array(4, 8), window=1, looks=20, look_size=4, hidden_size=6, seed=1).parameters
    return WindowModel(encoder, Head(array(3, 7), array(256, 3), array(4, 4)), WORDS, classes, scheme)


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_sentences_are_tagged_alike_however_many_at_once(monkeypatch, at_once):
    sentences = [["The", "cat"], [], ["dog"], ["a", "b", "c", "d"], []]
    whole, shares = make().predict(sentences), make().predict_proba(sentences)
    monkeypatch.setattr(window_model, "AT_ONCE", at_once)
    assert make().predict(sentences) == whole and [len(tags) for tags in whole] == [2, 0, 1, 4, 0]
    assert all(map(np.array_equal, make().predict_proba(sentences), shares))


@pytest.mark.parametrize("tokens", [1, 2, 5])
def test_parts_are_all_sentences_in_order(tokens):
    sentences = [["a"], [], ["b", "c", "d"], ["e"], []]
    parts = list(parts_of(sentences, tokens))
    assert [sentence for part in parts for sentence in part] == sentences
    assert all(sum(map(len, part)) <= max(tokens, 3) for part in parts)


def test_a_scheme_decides_where_scores_do_not():
    sentences = [[f"w{k}" for k in range(n)] for n in range(1, 9)]
    scheme = find_scheme("bio")
    assert any(scheme.first_fault(tags) is not None for tags in make().predict(sentences))
    assert all(scheme.first_fault(tags) is None for tags in make("bio").predict(sentences))
    for share in make("bio").predict_proba(sentences):
        assert share[0, 2] == 0
        np.testing.assert_allclose(share.sum(1), 1, rtol=1e-5)


def test_arrays_mapped_read_only_will_do():
    model = make("bio")
    wanted = model.predict([["The", "cat"]])
    for array in (*model.encoder, *model.head):
        array.flags.writeable = False
    assert make("bio").predict([["The", "cat"]]) == wanted
    parts = model.encoder, model.head, WORDS, model.classes, "bio"
    assert WindowModel(*parts).predict([["The", "cat"]]) == wanted


def test_links_by_hand():
    assert allowed_links(find_scheme("bioes"), ["O", "B-X", "E-X", "E-Y"]).astype(int).tolist() == [
        [1, 1, 0, 0, 1],
        [0, 0, 1, 0, 0],
        [1, 1, 0, 0, 1],
        [1, 1, 0, 0, 1],
        [1, 1, 0, 0, 1],
    ]


def test_unknown_words_have_row_0_and_capitals_do_not_matter_to_rows():
    data = encode_windows([["The", "zebu", "THE"]], None, {"the": 1}, (), WindowSizes(9, 99))
    assert data.words.tolist() == [[0, 0], [1, 1], [0, 1], [1, 1]] and data.tags.tolist() == [-1] * 3


def test_first_values_come_from_the_seed():
    table = np.zeros((2, 8), np.float32)
    sizes = {"window": 2, "looks": 9, "look_size": 4, "hidden_size": 3}
    one, same, other = (WindowEncoder.new(table, **sizes, seed=seed) for seed in (1, 1, 2))
    assert all(map(np.array_equal, one.parameters, same.parameters)) and one.window == 2
    assert not np.array_equal(one.parameters.weights, other.parameters.weights)
    limit = np.sqrt(3 / 60)
    assert 0.9 * limit < abs(one.parameters.weights).max() <= limit
    assert list(one.arrays()) == list(Encoder._fields) and one.arrays()["looks"] is one.parameters.looks
