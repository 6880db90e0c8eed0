"""Words of many texts at once: as one text after the other, by `tokenize`."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mt2st.models.columns import UNKNOWN, WordNumbers, numbering
from mt2st.models.columns.numbering import byte_batches, number_anew
from mt2st.models.columns.tokens import BLOCK
from mt2st.text.tokenizer import tokenize

# What ends lines somewhere, folds by its neighbours, or stands at the edge of a token.
EDGES = "\n\r\x0b\x0c\x1c\x85\u2028\u2029\u03a3\u03c3\u0130\u2019\u02bc\u0301'-:;=/()dpo!? \ud800a"
signs = st.one_of(st.characters(), st.sampled_from(EDGES))
texts_of_any_signs = st.lists(st.text(signs), max_size=6)


@given(texts_of_any_signs, st.integers(1, 20))
@example(["", "\n", "a\n", "\nb"], 1000)
@example(["b\u03a3", "\u03a3", "b\u03a3\nb", ":", "/x", ":", "d"], 1000)
@example(["so :", "-) it's", "it'", "s"], 1000)
def test_batches_have_the_tokens_of_text_after_text(texts, size):
    with mock.patch.object(numbering, "BATCH", size):
        ids, words = number_anew(texts)
    assert [[words[number] for number in ids.row(place)] for place in range(len(ids))] == list(map(tokenize, texts))


def test_the_table_of_words_grows():
    texts = [f"w{number} w{number // 2}" for number in range(5 * numbering.ROOM)]
    ids, words = number_anew(texts)
    assert words == [f"w{number}" for number in range(5 * numbering.ROOM)]
    np.testing.assert_array_equal(ids.ids.reshape(-1, 2)[:, 1], np.arange(len(texts)) // 2)
    assert WordNumbers(words).number(texts[-1:]).ids.ids.tolist() == ids.ids[-2:].tolist()


@pytest.mark.parametrize("length", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * numbering.ROOM + 5])
def test_a_text_of_many_words_is_read_in_blocks_between_which_the_table_may_grow(length):
    own = [f"w{number % (length - 9)}" for number in range(length)]
    texts = [" ".join(own), "w0", "  ", " , ".join(own[::-1])]
    ids, words = number_anew(texts)
    assert words == list(dict.fromkeys(own))
    assert [[words[number] for number in ids.row(place)] for place in range(4)] == [own, ["w0"], [], own[::-1]]
    found = WordNumbers(words[::2]).number(texts)
    kept = {word: number for number, word in enumerate(words[::2])}
    assert found.ids.row(3).tolist() == [kept.get(word, UNKNOWN) for word in own[::-1]]
    assert found.unknown == [word for word in [*own, "w0", *own[::-1]] if word not in kept]


@given(texts_of_any_signs)
def test_new_numbers_say_which_words_there_are_and_where(texts):
    ids, words = number_anew(texts)
    assert [[words[number] for number in ids.row(place)] for place in range(len(ids))] == list(map(tokenize, texts))
    assert words == list(dict.fromkeys(word for text in texts for word in tokenize(text)))


@given(texts_of_any_signs, texts_of_any_signs)
def test_known_words_have_their_numbers_and_unknown_ones_none(known, texts):
    words = sorted({word for text in known for word in tokenize(text)})
    found = WordNumbers(words).number(texts)
    tokens = [tokenize(text) for text in texts]
    expected = [[words.index(word) if word in words else UNKNOWN for word in own] for own in tokens]
    assert [found.ids.row(place).tolist() for place in range(len(found.ids))] == expected
    assert found.unknown == [word for own in tokens for word in own if word not in words]


def test_no_texts():
    found = WordNumbers(["a"]).number([])
    assert (len(found.ids), found.unknown, found.ids.ids.dtype) == (0, [], np.int32)
    assert number_anew([])[1] == []


def test_texts_may_be_read_once():
    assert WordNumbers(["a"]).number(iter(["a b", "a"])).ids.ids.tolist() == [0, UNKNOWN, 0]


@pytest.mark.parametrize("number", [1, 3])
def test_batches_end_after_so_many_bytes(number):
    with mock.patch.object(numbering, "BATCH", 4 * number):
        assert len(list(byte_batches(["abcd"] * 6))) == 6 // number
