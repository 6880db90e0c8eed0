"""Pairs against a dictionary."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.models.columns.kernels import SPREAD
from mt2st.models.columns.pairs import FIRST, Pairs, frequent_keys, pair_keys
from mt2st.text import Ragged

texts_of_numbers = st.lists(st.lists(st.integers(-1, 6), max_size=12), max_size=8)


def pairs_of(text):
    """Return the pairs of known words; `FIRST` stands before the text."""
    return [(a, b) for a, b in zip([FIRST, *text], text, strict=False) if a >= 0 and b >= 0]


def keys_of(pairs):
    return np.array([a << 32 | b for a, b in pairs], np.uint64)


@given(texts_of_numbers)
def test_keys_are_those_of_adjacent_known_words(texts):
    expected = keys_of(pair for text in texts for pair in pairs_of(text))
    np.testing.assert_array_equal(pair_keys(Ragged.from_lists(texts)), expected)


@given(texts_of_numbers, texts_of_numbers)
def test_columns_are_those_of_a_dictionary(known, texts):
    pairs = list(dict.fromkeys(pair for text in known for pair in pairs_of(text)))
    places = {pair: 7 + place for place, pair in enumerate(pairs)}
    expected = [
        [number for number in text if number >= 0] + [places[pair] for pair in pairs_of(text) if pair in places]
        for text in texts
    ]
    found = Pairs(keys_of(pairs), words=7).columns(Ragged.from_lists(texts))
    assert [found.row(place).tolist() for place in range(len(found))] == expected


@pytest.mark.parametrize("number", [0, 1, 2, 1023, 1024, 1025, 50_000])
def test_tables_of_any_size_find_every_pair_and_no_other(number):
    random = np.random.default_rng(number)
    made = np.unique(random.integers(0, 3000, (2 * number + 2, 2)), axis=0)
    made = random.permutation(made)[: number + 1]
    keys = keys_of(map(tuple, made.tolist()))
    pairs = Pairs(keys[:number], words=3000)
    found = pairs.columns(Ragged.from_lists([[-1, *pair] for pair in made.tolist()]))
    assert len(pairs) == number
    assert found.lengths.tolist() == [3] * number + [2]
    assert found.ids.reshape(-1)[2 : 3 * number : 3].tolist() == list(range(3000, 3000 + number))


def test_keys_of_the_greatest_numbers():
    top = np.iinfo(np.int32).max - 1
    pairs = Pairs(keys_of([(top, top), (FIRST, top)]), words=5)
    assert pairs.columns(Ragged.from_lists([[top, top]])).ids.tolist() == [top, top, 6, 5]


@given(st.lists(st.integers(0, 30), max_size=200), st.integers(1, 5))
def test_frequent_keys_are_those_of_a_count(numbers, least):
    expected = {key: count for key, count in sorted(Counter(numbers).items()) if count >= least}
    keys, counts = frequent_keys(np.array(numbers, np.uint64), least)
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == expected
    assert keys.tolist() == list(expected)


@pytest.mark.parametrize("least", [1, 2, 5])
def test_many_frequent_keys(least):
    # More keys than the table has room for at first, with many slots of the sketch in common.
    keys = np.random.default_rng(least).zipf(1.3, 60_000).astype(np.uint64) * np.uint64(0x100000001)
    found, counts = np.unique(keys, return_counts=True)
    ours = frequent_keys(keys, least)
    np.testing.assert_array_equal(ours[0], found[counts >= least])
    np.testing.assert_array_equal(ours[1], counts[counts >= least])


def test_pairs_that_belong_in_the_last_slot_go_on_from_the_first():
    # Three pairs have a table of eight slots; SPREAD is the multiplier of the table's hash.
    last = [(a, b) for a in range(40) for b in range(40) if ((a << 32 | b) * int(SPREAD) % (1 << 64) >> 32) % 8 == 7]
    known, unknown = last[:3], last[3]
    found = Pairs(keys_of(known), words=40).columns(Ragged.from_lists([*map(list, known), list(unknown)]))
    for place, pair in enumerate(known):
        assert found.row(place).tolist() == [*pair, 40 + place]
    assert found.row(3).tolist() == list(unknown)
