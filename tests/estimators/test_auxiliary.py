"""Auxiliaries have names of their own."""

from __future__ import annotations

import pytest

from mt2st.errors import ConfigError
from mt2st.estimators.auxiliary import check_auxiliary, read_helpers


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
    assert [(name, texts, targets.several) for name, (texts, targets) in found.items()] == [
        ("film", ["a", "b"], False),
        ("topic", ["c", "d"], True),
    ]
