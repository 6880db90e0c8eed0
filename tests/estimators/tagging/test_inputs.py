from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mt2st.errors import DataError
from mt2st.estimators.tagging.inputs import LONGEST, Tagged, read_input, read_sentences, read_tags
from mt2st.text.tagged import read_tagged


def test_lists_tuples_arrays_and_generators_are_sentences():
    wanted = [["a", "b"], []]
    for given in (wanted, (("a", "b"), ()), [np.array(["a", "b"]), np.array([])], (row for row in wanted)):
        found = read_sentences(given)
        assert found == wanted and all(type(token) is str for row in found for token in row)
    ragged = np.empty(2, object)
    ragged[:] = wanted
    assert read_sentences(ragged) == wanted


def test_tags_not_known():
    assert read_tags([["A", None, "_", ""]], [["a", "b", "c", "d"]]) == [["A", None, None, None]]


def test_a_set_of_tags_has_no_order():
    with pytest.raises(DataError, match=r"tags of sentences\[0\] must be a list of strings, set"):
        read_tags([{"A", "B"}], [["a", "b"]])


def test_a_file_has_its_own_tags(tmp_path):
    path = tmp_path / "names.conll"
    path.write_text("Anna\tB-PER\nran\tO\n\nHome\t_\n")
    wanted = Tagged([["Anna", "ran"], ["Home"]], [["B-PER", "O"], [None]])
    assert read_input(path) == read_input(str(path)) == read_input(read_tagged(path)) == wanted
    assert read_sentences(path) == wanted.sentences
    assert read_input(path, [["X", "Y"], ["Z"]]).tags == [["X", "Y"], ["Z"]]
    assert wanted.classes == ("B-PER", "O")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "sentences must be a list of lists of strings, NoneType None found"),
        (3.5, "float 3.5 found"),
        ({"a": 1}, "dict"),
        (b"bytes", "bytes"),
        ({("a", "b")}, "set"),
        (pd.DataFrame({"a": [["b"]]}), "sentences must be a list of lists of strings, DataFrame"),
        (np.array(1), "sentences must be a list of lists of strings, ndarray"),
        ([["a"], {"b", "c"}], r"sentences\[1\] must be a list of tokens, set .* found"),
        ("the dog", r"sentences is one string, 'the dog', and no file is there: give lists of tokens, or"),
        (["the dog"], r"sentences\[0\] is one string, 'the dog': split it into tokens first"),
        ([["a"], None], r"sentences\[1\] must be a list of tokens, NoneType None found"),
        ([["a"], 7], r"sentences\[1\] must be a list of tokens, int 7 found"),
        ([["a", None]], r"sentences\[0\]\[1\]: a token is a string; NoneType None found"),
        ([["a", float("nan")]], r"sentences\[0\]\[1\]: a token is a string; float nan found"),
        ([["a", 3]], r"sentences\[0\]\[1\]: a token is a string; int 3 found"),
        ([["a"], ["b", ""]], r"sentences\[1\]\[1\]: a token has 1 to 1,000,000 characters, none found"),
        (np.zeros((2, 3)), r"sentences\[0\]\[0\]: a token is a string; float64"),
    ],
)
def test_what_is_no_sentence_is_named(given, says):
    with pytest.raises(DataError, match=says):
        read_sentences(given)


def test_a_token_of_100_megabytes_is_refused_at_once():
    with pytest.raises(DataError, match=r"sentences\[0\]\[1\]: .* 100,000,000 characters found: split the text"):
        read_sentences([["a", "x" * 100_000_000]])
    assert read_sentences([["x" * LONGEST]]) == [["x" * LONGEST]]


def test_lone_surrogates_are_characters():
    assert read_sentences([["\ud800"]]) == [["\ud800"]]


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        (None, "sentences have no tags: .*; give a list of tags for each, one per token"),
        ([["A", "B"]], "sentences and lists of tags must be as many, 2 and 1 found"),
        ([["A", "B"], ["A", "B"]], r"sentences\[1\] \('c'\) needs one tag per token, 2 for 1 found"),
        ([["A"], ["A"]], r"sentences\[0\] \('a b'\) needs one tag per token, 1 for 2 found"),
        ([["A", 3], ["A"]], r"tags of sentences\[0\]\[1\]: a tag is a string, None where it is not known; int 3 found"),
        ([["A", 2.5], ["A"]], "float 2.5 found"),
        (["AB", ["A"]], r"tags of sentences\[0\] must be a list of strings, str 'AB' found"),
        ([None, ["A"]], r"tags of sentences\[0\] must be a list of strings, NoneType None found"),
        (7, "tags of sentences must be a list of lists of strings, int 7 found"),
    ],
)
def test_what_are_no_tags_is_named(tags, says):
    with pytest.raises(DataError, match=says):
        read_input([["a", "b"], ["c"]], tags)


def test_what_pandas_has_for_nothing_is_a_tag_not_known():
    class NAType:
        """As pandas' NA: it has no truth value."""

        def __bool__(self):
            raise TypeError

    assert read_tags([["A", float("nan"), np.float64("nan"), NAType()]], [list("abcd")]) == [["A", None, None, None]]
