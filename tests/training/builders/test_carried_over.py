"""Labels in the order of other examples' texts."""

import numpy as np
import pytest

from mt2st.tasks import LabelledRows, TaggedRows
from mt2st.text import Ragged
from mt2st.training.builders.carried_over import carry_over

THERE = LabelledRows(Ragged.from_lists([[1], [2, 3], [4]]), np.array([2, 0, 1], np.int32), ("a", "b", "c"))
HERE = LabelledRows(Ragged.from_lists([[4], [1], [5], [2, 3]]), np.zeros(4, np.int32), ("x",))


def tagged(texts, tags, looks):
    rows = Ragged.from_lists(texts)
    return TaggedRows(rows, np.array(tags, np.int32), ("N", "V", "P"), np.array(looks, np.int32)[:, None], 9, "bio")


def test_a_class_goes_with_its_text_and_is_not_known_where_the_text_is_not():
    found = carry_over(THERE, HERE, np.array([2, 0, -1, 1]))
    assert found.rows is HERE.rows and found.classes == THERE.classes
    assert (found.labels.tolist(), found.gaps) == ([1, 2, -1, 0], True)
    assert found.labels.dtype == np.int32
    whole = carry_over(THERE, THERE, np.array([0, 1, 2]))
    assert (whole.labels.tolist(), whole.gaps) == ([2, 0, 1], False)
    assert carry_over(found, HERE, np.array([0, 1, 2, 3])).gaps, "gaps stay gaps"


def test_tags_go_with_their_tokens():
    there = tagged([[1], [2, 3], []], [0, -1, 2], [4, 5, 6])
    here = tagged([[2, 3], [7, 8], [], [1]], [0, 0, 0, 0, 0], [5, 6, 1, 1, 4])
    found = carry_over(there, here, np.array([1, -1, 2, 0]))
    assert found.tags.tolist() == [-1, 2, -1, -1, 0]
    assert found.rows is here.rows and found.surface is here.surface
    assert (found.classes, found.scheme) == (there.classes, "bio")


def test_tags_are_not_for_whole_texts():
    with pytest.raises(TypeError, match="tags are carried over to tokens, found LabelledRows"):
        carry_over(tagged([[1]], [0], [4]), THERE, np.array([0, -1, -1]))
