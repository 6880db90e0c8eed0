from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text import Vocabulary
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.table import WordTable

# Many have their first eight bytes in common, or are the beginning of others.
WORDS = st.lists(st.text(st.sampled_from("a\x01\u00e9\U0001f600"), min_size=1, max_size=12), max_size=30)


def listed(words):
    return "".join(f"{word}\n" for word in words).encode()


def table_of(words):
    table = WordTable()
    table.number_list(listed(words))
    return table


@given(WORDS, st.integers(1, 3))
def test_words_are_ordered_as_a_vocabulary_is(words, min_count):
    growing = GrowingVocabulary(None)
    ids = growing.merge(listed(words), np.ones(len(words), np.int64))
    found, counts, final = growing.finish(min_count)
    expected = Vocabulary.from_counter(Counter(words), min_count)
    assert (found, counts.tolist()) == (expected.words, expected.counts.tolist())
    assert final[ids].tolist() == [-1 if (place := expected.get(word)) is None else place for word in words]
    assert final[-1] == -1


def test_words_with_the_same_first_eight_bytes_are_ordered_too():
    words = ["abcdefghz", "b", "abcdefghaz", "abcdefgh", "abcdefghb", "c", "c", "abcdefgha"]
    growing = GrowingVocabulary(None)
    growing.merge(listed(words), np.ones(len(words), np.int64))
    expected = ["c", "abcdefgh", "abcdefgha", "abcdefghaz", "abcdefghb", "abcdefghz", "b"]
    assert growing.finish(1)[0] == expected


def test_tables_are_taken_one_after_the_other():
    growing = GrowingVocabulary(None)
    assert growing.take(table_of(["a", "b", "a"])).tolist() == [0, 1]
    assert growing.take(table_of(["c", "b"])).tolist() == [2, 1]
    words, counts, final = growing.finish(2)
    assert (words, counts.tolist(), final.tolist()) == (["a", "b"], [2, 2], [0, 1, -1, -1])


def test_the_first_table_is_bounded_too():
    growing = GrowingVocabulary(1)
    assert growing.take(table_of(["a", "b", "a"])).tolist() == [0, 1]
    assert growing.least == 1
    assert growing.finish(1)[0] == ["a"]
