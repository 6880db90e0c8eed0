import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import Vocabulary

TOKENS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "é", "zz"]) | st.text(max_size=3)))


def test_words_by_falling_count_then_alphabet():
    vocabulary = Vocabulary.build([["b", "c", "a"], [], ["c", "b", "d"]])
    assert vocabulary.words == ["b", "c", "a", "d"]
    assert vocabulary.counts.tolist() == [2, 2, 1, 1]
    assert vocabulary.counts.dtype == np.int64


def test_rare_words_are_left_out():
    assert Vocabulary.build([["a", "a", "b", "c", "c"]], min_count=2).words == ["a", "c"]


def test_look_up():
    vocabulary = Vocabulary(["the", "film"], [5, 2])
    assert (len(vocabulary), "film" in vocabulary, "flim" in vocabulary) == (2, True, False)
    assert (vocabulary.index("film"), vocabulary.get("film"), vocabulary.get("flim")) == (1, 1, None)
    with pytest.raises(DataError, match=r"'flim' is not among the 2 words known: use get\(\)"):
        vocabulary.index("flim")


def test_encoding_drops_unknown_words():
    ids = Vocabulary(["the", "film"], [5, 2]).encode(["film", "?", "the", "film"])
    assert ids.tolist() == [1, 0, 1]
    assert ids.dtype == np.int32
    assert Vocabulary([], []).encode(["a"]).dtype == np.int32


@given(TOKENS, st.integers(1, 3))
def test_order_of_texts_does_not_matter_and_encoding_counts_right(token_lists, min_count):
    vocabulary = Vocabulary.build(token_lists, min_count)
    assert Vocabulary.build(token_lists[::-1], min_count) == vocabulary
    ids = vocabulary.encode(token for tokens in token_lists for token in tokens)
    assert np.bincount(ids, minlength=len(vocabulary)).tolist() == vocabulary.counts.tolist()


@given(TOKENS)
def test_json_round_trip(token_lists):
    vocabulary = Vocabulary.build(token_lists)
    again = Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json())))
    assert again == vocabulary
    assert again.counts.dtype == np.int64


def test_equality_sees_words_and_counts():
    vocabulary = Vocabulary(["a"], [1])
    assert vocabulary != Vocabulary(["a"], [2])
    assert vocabulary != Vocabulary(["b"], [1])
    assert vocabulary != ["a"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "lists 'words' and 'counts'"),
        ({"words": []}, "lists 'words' and 'counts'"),
        ({"words": "ab", "counts": [1, 1]}, "'words' must be a list"),
        ({"words": ["a"], "counts": {"a": 1}}, "'counts' must be a list"),
        ({"words": ["a", "b"], "counts": [1]}, "counts must be as many as words, 2"),
        ({"words": ["a"], "counts": [-1]}, "whole numbers from 0"),
        ({"words": ["a"], "counts": [1.5]}, "whole numbers"),
        ({"words": ["a"], "counts": ["1"]}, "whole numbers"),
        ({"words": ["a", "b", "a"], "counts": [1, 1, 1]}, "'a' occurs twice"),
        ({"words": [1], "counts": [1]}, "must be a string"),
        ({"words": [["a"]], "counts": [1]}, "must be a string"),
    ],
)
def test_bad_json_is_refused(data, words):
    with pytest.raises(DataError, match=words):
        Vocabulary.from_json(data)
