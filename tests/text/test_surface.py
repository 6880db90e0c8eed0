from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from mt2st.text.surface import surface_features, surface_numbers, word_shape


def test_shapes_by_hand():
    words = ["iPhone", "WNUT-17", "@you", "élan", "ÉLAN", "3.14", "...", ""]
    assert [word_shape(word) for word in words] == ["xXx", "X-0", "@x", "x", "X", "0.0", ".", ""]


def test_features_of_a_short_word():
    assert surface_features("A") == ("shape=X", "first=a", "last2=a", "last3=a")


@given(st.lists(st.text(max_size=8), max_size=6), st.integers(1, 50))
def test_numbers_are_hashes_below_the_buckets(words, buckets):
    found = surface_numbers(words, buckets)
    assert found.shape == (len(words), 4)
    wanted = [[crc32(feature.encode()) % buckets for feature in surface_features(word)] for word in words]
    assert found.tolist() == wanted
