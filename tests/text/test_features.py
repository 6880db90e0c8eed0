import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import Features, Vocabulary

TEXTS = [["not", "good"], ["not", "good", "film"], ["film", "not", "good"], ["good"]]
TOKENS = st.lists(st.lists(st.sampled_from("abc")))


def test_words_come_first_then_frequent_pairs():
    features = Features.build(TEXTS, min_count=3, pair_min_count=3)
    assert features.words.words == ["good", "not"]
    assert features.pairs.words == ["not good"]
    assert len(features) == 3


def test_pairs_are_of_neighbours_and_follow_the_words():
    features = Features.build(TEXTS, min_count=2, pair_min_count=1)
    assert features.words.words == ["good", "not", "film"]
    assert features.pairs.words == ["not good", "film not", "good film"]
    ids = features.encode(["film", "not", "seen", "not", "good"])
    assert ids.tolist() == [2, 1, 1, 0, 4, 3]
    assert ids.dtype == np.int32
    assert features.encode_words(["film", "not", "seen"]).tolist() == [2, 1]


def test_frequencies_are_over_the_words():
    features = Features.build(TEXTS, min_count=2, pair_min_count=3)
    assert features.frequencies.tolist() == [4 / 9, 3 / 9, 2 / 9, 3 / 9]
    assert features.frequencies.dtype == np.float64
    assert Features(Vocabulary([], []), Vocabulary([], [])).frequencies.shape == (0,)


def test_no_pairs():
    features = Features.build(TEXTS, min_count=1, pairs=False)
    assert len(features.pairs) == 0
    assert features.encode(["not", "good"]).tolist() == features.encode_words(["not", "good"]).tolist() == [1, 0]


def test_texts_are_read_once():
    assert Features.build(iter(TEXTS), 1, 1) == Features.build(TEXTS, 1, 1)


@given(TOKENS, st.lists(st.sampled_from("abcd")))
def test_words_keep_their_ids_and_pairs_their_strings(token_lists, tokens):
    features = Features.build(token_lists, 1, 1)
    words = features.encode_words(tokens).tolist()
    ids = features.encode(tokens).tolist()
    assert ids[: len(words)] == words
    names = features.words.words + features.pairs.words
    expected = [f"{a} {b}" for a, b in pairwise(tokens) if f"{a} {b}" in features.pairs]
    assert [names[at] for at in ids[len(words) :]] == expected


@given(TOKENS)
def test_json_round_trip(token_lists):
    features = Features.build(token_lists, 1, 2)
    assert Features.from_json(json.loads(json.dumps(features.to_json()))) == features


def test_equality_sees_words_and_pairs():
    features = Features.build(TEXTS, 1, 1)
    assert features != Features.build(TEXTS, 3, 1)
    assert features != Features.build(TEXTS, 1, 3)
    assert features != TEXTS


@pytest.mark.parametrize("data", [[], {"words": {"words": [], "counts": []}}, {"words": [], "pairs": []}])
def test_bad_json_is_refused(data):
    with pytest.raises(DataError, match=r"write it with to_json\(\)"):
        Features.from_json(data)
