from __future__ import annotations

import numpy as np

from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.subwords import SubwordIndex, compose_vectors
from mt2st.embeddings.word_rows import WordRows

KNOWN = ["his", "this", "of", "</s>", "thistle"]
UNKNOWN = ["thistles", "zzz", "hist", "é"]


def composed(words, numbers, table):
    rows, shares, offsets = words.select(numbers)
    ends = [*offsets[1:], len(rows)]
    parts = [(table[rows[a:b]] * shares[a:b, None]).sum(0) for a, b in zip(offsets, ends, strict=True)]
    return np.array(parts)


def make(min_n=3, max_n=5):
    index = SubwordIndex.of(KNOWN, min_n, max_n, 1000)
    table = np.random.default_rng(1).normal(size=(len(KNOWN) + len(index.buckets), 3)).astype(np.float32)
    parts = SubwordRows(min_n, max_n, 1000, index.buckets, table[len(KNOWN) :], table[: len(KNOWN)])
    return WordRows(KNOWN, index), table, parts


def test_vectors_are_those_of_word_vectors_with_subwords():
    words, table, parts = make()
    numbers = words.encode([*KNOWN, *UNKNOWN])
    assert numbers.tolist() == list(range(9)) and words.size == len(table)
    found = composed(words, numbers.astype(np.int64), table)
    np.testing.assert_allclose(found[:5], compose_vectors(KNOWN, parts), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found[5:], [parts.unseen(word) for word in UNKNOWN], rtol=1e-5, atol=1e-7)
    assert (found[6] == 0).all(), "no n-gram of it is known"


def test_a_word_keeps_its_number_and_its_rows_when_others_come():
    words, table, _ = make()
    first = words.encode(["hist", "his"]).tolist()
    before = composed(words, np.array(first), table)
    assert words.encode(["zzz", "hist", "thistles", "his"]).tolist() == [6, 5, 7, 0]
    assert np.array_equal(composed(words, np.array(first), table), before)
    assert words.place(["hist"]).tolist() == [5] and len(words.encode([])) == 0


def test_rows_of_words_in_any_order_and_several_times():
    words, table, _ = make()
    words.encode(UNKNOWN)
    some = np.array([8, 2, 2, 5])
    found = composed(words, some, table)
    for place, number in enumerate(some):
        assert np.array_equal(found[place], composed(words, np.array([number]), table)[0])
    rows, shares, offsets = words.select(np.empty(0, np.int64))
    assert len(rows) == len(shares) == len(offsets) == 0
