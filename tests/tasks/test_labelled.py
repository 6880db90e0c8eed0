from __future__ import annotations

import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.tasks.labelled import LabelledRows
from mt2st.text import Ragged

ROWS = Ragged.from_lists([[1, 2], [], [0]])


def make(labels, rows=ROWS, classes=("neg", "pos")):
    return LabelledRows(rows, np.array(labels, np.int32), classes)


def test_its_length_is_its_examples():
    assert len(make([0, 1, 1])) == 3
    assert len(make([], Ragged.from_lists([]))) == 0


@pytest.mark.parametrize("labels", [[0, 1], [0, 1, 1, 0], []])
def test_each_text_has_a_label(labels):
    with pytest.raises(DataError, match=f"texts and labels must be as many, found 3 and {len(labels)}"):
        make(labels)


@pytest.mark.parametrize("labels", [[0, 1, 2], [-1, 0, 1]])
def test_labels_are_of_the_classes(labels):
    with pytest.raises(DataError, match="class numbers must lie in 0 to 1"):
        make(labels)


def test_labels_that_are_not_known_are_allowed_where_said():
    data = LabelledRows(ROWS, np.array([-1, 0, 1], np.int32), ("neg", "pos"), gaps=True)
    chosen = data.select(np.array([2, 0]))
    assert chosen.labels.tolist() == [1, -1] and chosen.gaps
    assert [chosen.rows.row(i).tolist() for i in range(2)] == [[0], [1, 2]]
    with pytest.raises(DataError, match="class numbers must lie in 0 to 1"):
        LabelledRows(ROWS, np.array([-2, 0, 1], np.int32), ("neg", "pos"), gaps=True)
