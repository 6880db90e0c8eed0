import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.tasks import TaggedRows
from mt2st.text import Ragged

ROWS = Ragged.from_lists([[0, 1], [], [2, -1, 1]])
TAGS = np.array([0, -1, 1, -1, -1], np.int32)


def make(tags=TAGS, surface=None, buckets=5):
    surface = np.arange(20, dtype=np.int32).reshape(5, 4) % 5 if surface is None else surface
    return TaggedRows(ROWS, tags, ("N", "V"), surface, buckets)


def test_known_tags_are_counted_by_sentence():
    assert make().counts.tolist() == [1, 0, 1]


def test_places_are_those_of_the_tokens_in_the_order_of_the_batch():
    assert make().rows.places(np.array([2, 1, 0, 2])).tolist() == [2, 3, 4, 0, 1, 2, 3, 4]
    assert make().rows.places(np.empty(0, np.int64)).tolist() == []


def test_tags_by_name_and_none_where_unknown():
    assert [make().tags_of(k) for k in range(3)] == [["N", None], [], ["V", None, None]]


def test_a_tag_too_few_a_class_too_many_and_a_wild_feature_are_refused():
    with pytest.raises(DataError, match="tokens, tags and rows of surface features must be as many, found 5, 4 and 5"):
        make(TAGS[:4])
    with pytest.raises(DataError, match="tags must lie in -1 to 1"):
        make(TAGS + 2)
    with pytest.raises(DataError, match="surface must lie in 0 to 3"):
        make(buckets=4)
