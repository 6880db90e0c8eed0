from __future__ import annotations

import pytest

from mt2st.errors import DataError
from mt2st.estimators.tagging_scheme import scheme_of


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
        ("auto", [["B-a", "E-a"]], None),  # no sentence of one token could be tagged
    ],
)
def test_schemes(wanted, tags, found):
    assert scheme_of(wanted, tags) == found


@pytest.mark.parametrize(
    ("wanted", "tags", "says"),
    [
        ("boi", [["B-a", "O"]], "there is no tag scheme 'boi'; did you mean 'bio'"),
        ("bio", [["NOUN", "O"]], "'NOUN' is not a tag of a span"),
        ("bioes", [["B-a", "E-a"]], "no sequence of the tags B-a, E-a keeps to the scheme bioes: set another"),
    ],
)
def test_schemes_that_cannot_be(wanted, tags, says):
    with pytest.raises(DataError, match=says):
        scheme_of(wanted, tags)
