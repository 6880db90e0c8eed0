from __future__ import annotations

import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.tagging.scheme import check_spans, scheme_of


@pytest.mark.parametrize(
    ("wanted", "tags", "found"),
    [
        ("auto", [["B-a", "I-a"], ["O"]], "bio"),
        ("auto", [["I-a", "B-a"], ["I-a"]], "iob1"),
        ("auto", [["NOUN", "VERB"]], None),
        ("auto", [["B-a", "O"], [None, "NOUN"]], None),  # a tag that no span can have, in a sentence known in part
        ("none", [["B-a", "O"]], None),
        (None, [["B-a", "O"]], None),
        ("bioes", [["B-a", "E-a", "O"]], "bioes"),
        ("auto", [[None, "I-a"], ["B-a", None]], "bio"),
        ("auto", [["B-a", "I-a"], ["O", "B-a"], ["O", "I-a"]], "bio"),  # one sentence may break what is found
        ("bio", [[None, "I-a"], ["B-a", "O"]], "bio"),
        ("auto", [["B-a", "E-a"]], None),  # no sentence of one token could be tagged
    ],
)
def test_schemes(wanted, tags, found):
    assert scheme_of(wanted, tags) == found


@pytest.mark.parametrize(
    ("wanted", "tags", "says"),
    [
        (
            "bio",
            [["NOUN", "O"]],
            r"tags of sentences\[0\]\[0\]: 'NOUN' is not a tag of a span.*; correct the tag, or set scheme",
        ),
        ("bioes", [["B-a", "E-a"]], "no sequence of the tags B-a, E-a keeps to the scheme bioes: set another"),
        ("bioes", [["O"], ["B-a", "O"]], r"\[1\]\[1\]: 'O' cannot follow 'B-a' in the scheme bioes; .* scheme='auto'"),
        ("iob1", [["O", "B-a"]], r"\[0\]\[1\]: 'B-a' cannot follow 'O' in the scheme iob1"),
        (
            "auto",
            [["B-a", "O"], ["O", "B-a"], ["O", "E-a"]],
            r"\[2\]\[1\]: 'E-a' is not a tag of the scheme bio.*most sentences keep to it.*scheme='none'",
        ),
    ],
)
def test_tags_that_are_none_of_the_scheme_are_named(wanted, tags, says):
    with pytest.raises(DataError, match=says):
        scheme_of(wanted, tags)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("boi", "scheme 'boi' is unknown; did you mean 'bio'"),
        ("xyz", "known: auto, none, bio, bioes, bilou, iob1, io"),
        (["bio"], "is unknown"),
    ],
)
def test_a_scheme_that_is_none_is_a_wrong_setting(wanted, says):
    with pytest.raises(ConfigError, match=says):
        scheme_of(wanted, [["B-a", "O"]])


def test_tags_of_no_span_are_named():
    check_spans([["O", None, "S-a"]])
    with pytest.raises(DataError, match=r"tags of sentences\[1\]\[1\]: 'NOUN' is not a tag of a span"):
        check_spans([["O"], [None, "NOUN"]])
