"""Auxiliaries have names of their own."""

from __future__ import annotations

import pytest

from mt2st.errors import ConfigError
from mt2st.estimators.inputs.auxiliary import check_auxiliary, read_helpers, without_own


@pytest.mark.parametrize(
    ("auxiliary", "says"),
    [
        (
            [(["a", "b"], [0, 1])],
            r"auxiliary must be a dictionary by name, list found: give \{'name': \(data, labels\)\}",
        ),
        ({1: (["a"], [0])}, "a name is a string of one character or more, 1 found: rename it"),
        ({"": (["a"], [0])}, "a name is a string of one character or more, '' found"),
        ({"primary": (["a"], [0])}, "'primary' is the name of a task that there is anyhow: rename it"),
        ({"unlabelled text": (["a"], [0])}, "'unlabelled text' is the name of a task"),
    ],
)
def test_what_has_no_name_of_its_own(auxiliary, says):
    with pytest.raises(ConfigError, match=says):
        check_auxiliary(auxiliary)


def test_helpers_are_read_by_name():
    assert read_helpers(None) == {}
    found = read_helpers({"film": (["a", "b"], ["no", "yes"]), "topic": [["c", "d"], [["x"], []]]})
    assert [(name, own.texts, own.targets.several) for name, own in found.items()] == [
        ("film", ["a", "b"], False),
        ("topic", ["c", "d"], True),
    ]


def test_texts_that_the_primary_has_labels_of_are_left_out():
    film = ["A  good one", "bad", "fair", "worse"], [5, 1, 3, 1]
    given = read_helpers({"film": film, "twin": (["bad", "bad"], [0, 1])})
    with pytest.warns(UserWarning, match=r"^auxiliary\['twin'\] is left out: without texts"):
        found = without_own(given, ["a good ONE", "bad", "plain"])
    assert list(found) == ["film"]
    assert found["film"].texts == ["fair", "worse"]
    assert found["film"].labels.tolist() == [3, 1]
