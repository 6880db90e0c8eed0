from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text.encoding.blocks import LINES_OF_WORDS
from mt2st.text.encoding.kernels import count_words, renumber, split_words
from mt2st.text.encoding.kernels.octets import LONGEST_SENTENCE
from mt2st.text.encoding.table import WordTable, padded

BYTES = st.text(st.sampled_from("ab!\x01\x1f\x7f\u0100\u2028 \t\r\x0b\x0c\n"), max_size=60)
LONG = st.lists(st.sampled_from(["a" * 7, "a" * 8, "a" * 9, "b" * 16, "a" * 15 + "b", "c" * 40, "é" * 12]), max_size=30)


def number(text, table=None):
    table = WordTable() if table is None else table
    data = text.encode() + b"\n"
    ids, ends = table.number(padded(data), len(data), LINES_OF_WORDS)
    return table, ids.tolist(), ends.tolist()


def by_hand(text):
    lines = [line.split() for line in text.encode().split(b"\n")]
    first_seen = list(dict.fromkeys(word for line in lines for word in line))
    ids = [first_seen.index(word) for line in lines for word in line]
    ends = np.cumsum([len(line) for line in lines if line]).tolist()
    return first_seen, ids, ends


@given(st.one_of(BYTES, LONG.map(" ".join), LONG.map("\n".join)))
def test_words_are_those_of_bytes_split(text):
    table, ids, ends = number(text)
    words, expected_ids, expected_ends = by_hand(text)
    assert table.text == b"".join(word + b"\n" for word in words)
    assert (ids, ends) == (expected_ids, expected_ends)
    assert table.counts.tolist() == [ids.count(at) for at in range(len(words))]


def test_a_table_grows_and_keeps_ids():
    words = [f"w{i}" if i % 3 else f"a-word-of-many-bytes-{i}" for i in range(30_000)]
    table, ids, ends = number(" ".join(words + words[::-1]))
    assert ids == [*range(30_000), *range(29_999, -1, -1)]
    assert table.counts.tolist() == [2] * 30_000
    again, more, _ = number("w1 new w2", table)
    assert (again, more, len(table)) == (table, [1, 30_000, 2], 30_001)
    assert len(ends) == 60_000 / LONGEST_SENTENCE


@pytest.mark.parametrize(
    "other", ["abcdefghijklmnopqrZ", "Zbcdefghijklmnopqrs", "abcZefghijklmnopqrs", "abcdefghZjklmnopqrs"]
)
def test_words_of_one_hash_are_told_apart_by_their_bytes(other):
    # The entry of a word is put where the other one's would be, with its key.
    table, lent = WordTable(), WordTable()
    number("abcdefghijklmnopqrs", table)
    number(other, lent)
    table._table[:] = lent._table
    assert number(other, table)[1] == [1]
    assert number(other, table)[1] == [1]


def test_unknown_words_are_not_inserted_when_looked_up():
    table = WordTable()
    assert table.number_list(b"a\nb\n", np.array([3, 4])).tolist() == [0, 1]
    assert table.number_list(b"c\nb\n", np.array([5, 6]), insert=False).tolist() == [-1, 1]
    assert (table.text, table.counts.tolist()) == (b"a\nb\n", [3, 10])


def test_some_words_are_kept_in_order():
    table = WordTable()
    table.number_list(b"a\nbee\nc\nd\n", np.array([1, 2, 3, 4]))
    smaller = table.keep(table.counts % 2 == 0)
    assert (smaller.text, smaller.counts.tolist()) == (b"bee\nd\n", [2, 4])
    assert smaller.number_list(b"d\n").tolist() == [1]
    assert (len(table), table.used, table.text_from(6)) == (4, 10, b"c\nd\n")


def test_a_mark_is_left_out_once_where_a_sentence_begins():
    table, mark = WordTable(), b"\xef\xbb\xbf"
    data = b"%sa%s b\n%s%sa %sb\n%s\n%s" % (mark, mark, mark, mark, mark, mark, mark)
    _, ends = table.number(padded(data), len(data), LINES_OF_WORDS, mark=int.from_bytes(mark, "little"))
    assert table.text == b"a%s\nb\n%sa\n%sb\n" % (mark, mark, mark)
    assert ends.tolist() == [2, 4]


@pytest.mark.parametrize("count", [LONGEST_SENTENCE - 1, LONGEST_SENTENCE, LONGEST_SENTENCE + 1, 2 * LONGEST_SENTENCE])
def test_long_sentences_are_cut(count):
    _, _, ends = number("a " * count)
    assert ends == sorted({*range(LONGEST_SENTENCE, count + 1, LONGEST_SENTENCE), count})


@given(
    st.lists(st.lists(st.integers(0, 4), max_size=5), max_size=6), st.lists(st.integers(-1, 9), min_size=5, max_size=5)
)
def test_renumbering_drops_words_and_empty_sentences(sentences, final):
    ids = np.array([at for sentence in sentences for at in sentence], np.int32)
    ends = np.cumsum([len(sentence) for sentence in sentences], dtype=np.int64)
    left = [[final[at] for at in sentence if final[at] >= 0] for sentence in sentences]
    left = [sentence for sentence in left if sentence]
    assert renumber(ids.view(np.uint32), ends.view(np.uint64), np.array(final, np.int32)) == len(left)
    assert ends[: len(left)].tolist() == np.cumsum([len(sentence) for sentence in left]).tolist()
    assert ids[: sum(map(len, left))].tolist() == [at for sentence in left for at in sentence]


@pytest.mark.parametrize("kernel", [split_words, count_words, renumber])
def test_kernels_hold_no_lock(kernel):
    assert kernel.targetoptions["nogil"]


def test_counts_agree_with_a_counter_on_many_words():
    rng = np.random.default_rng(3)
    words = ["x" * int(size) + str(at) for size, at in zip(rng.integers(1, 20, 5000), rng.zipf(1.3, 5000), strict=True)]
    table, _, _ = number(" ".join(words))
    found = dict(zip(table.text.decode().split("\n"), table.counts.tolist(), strict=False))
    assert found == Counter(words)
