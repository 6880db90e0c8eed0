import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.embeddings.words.checks import check_count, check_vector
from mt2st.embeddings.words.neighbours import nearest, weighted_items
from mt2st.errors import ConfigError, DataError


@given(st.lists(st.integers(-3, 3), max_size=30), st.integers(1, 40), st.sets(st.integers(0, 29)))
def test_nearest_is_a_sort(values, topn, excluded):
    excluded = [row for row in excluded if row < len(values)]
    found = nearest(np.array(values, np.float32), topn, excluded)
    allowed = sorted((row for row in range(len(values)) if row not in excluded), key=lambda row: -values[row])
    assert [values[row] for row in found] == [values[row] for row in allowed[:topn]]
    assert len(set(found.tolist())) == len(found) and not set(found.tolist()) & set(excluded)
    if topn >= len(values):
        assert found.tolist() == allowed


def test_weights_are_one_and_minus_one_unless_given():
    vector = np.ones(2, np.float32)
    assert weighted_items("a", None) == [("a", 1.0)]
    assert weighted_items(["a", ("b", 2)], [("c", 0.5), "d"]) == [("a", 1.0), ("b", 2.0), ("c", 0.5), ("d", -1.0)]
    items = weighted_items(vector, np.stack([vector, vector]))
    assert [weight for _, weight in items] == [1.0, -1.0, -1.0]
    assert all(item is vector or item.shape == (2,) for item, _ in items)


@pytest.mark.parametrize(
    "asked", [[1], [None], [("a", "b")], [("a", np.nan)], [("a", 1, 2)], [(1, 1.0)], [["a", 1.0]], [("a", None)]]
)
def test_what_cannot_be_asked_for_is_refused(asked):
    with pytest.raises(DataError, match="ask for a word, a vector, or a pair"):
        weighted_items(asked, None)


@pytest.mark.parametrize("asked", [None, []])
def test_nothing_is_refused(asked):
    with pytest.raises(DataError, match="nothing is asked for"):
        weighted_items(asked, asked)
    with pytest.raises(DataError, match="words are asked for as a string or a list, 3 found"):
        weighted_items(3, asked)


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3"])
def test_counts_are_whole_numbers_from_one(value):
    with pytest.raises(ConfigError, match="topn must be a whole number from 1, or None"):
        check_count("topn", value)
    check_count("topn", None)
    check_count("topn", np.int64(1))


def test_vectors_have_the_right_size_and_are_finite():
    with pytest.raises(DataError, match=r"a vector of 3 numbers is needed, shape \(2,\)"):
        check_vector(np.ones(2), 3)
    with pytest.raises(DataError, match="of <U1 found"):
        check_vector(np.array(["a", "b"]), 2)
    with pytest.raises(DataError, match="NaN or infinity found"):
        check_vector(np.array([1.0, np.nan]), 2)
