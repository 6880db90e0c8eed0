import copy
import pickle

import numpy as np
import pytest

from mt2st.embeddings import SubwordRows, WordVectors
from mt2st.errors import DataError, MissingWordError

WORDS = ["king", "queen", "apple"]
ROWS = np.array([[3, 4], [0, 2], [0, 0]], np.float32)


@pytest.fixture
def table():
    return WordVectors(WORDS, ROWS.copy())


def test_words_and_rows(table):
    assert (len(table), table.vector_size) == (3, 2)
    assert table.index_to_key == WORDS
    assert table.key_to_index == {"king": 0, "queen": 1, "apple": 2}
    assert table.get_index("apple", 7) == 2 and table.get_index("Apple", default=0) == 0
    assert "queen" in table and "Queen" not in table and 3 not in table
    assert repr(table) == "<WordVectors: 3 words, 2 dimensions>"


def test_vectors_of_one_word_and_of_several(table):
    assert table["king"].tolist() == [3, 4]
    assert table[["queen", "king", "queen"]].tolist() == [[0, 2], [3, 4], [0, 2]]
    assert table.get_vector("king", norm=True) == pytest.approx([0.6, 0.8])
    assert table.get_vector("apple", norm=True).tolist() == [0, 0]


def test_a_vector_is_a_view_that_cannot_be_written(table):
    assert np.shares_memory(table["king"], table.vectors)
    for norm in (False, True):
        with pytest.raises(ValueError, match="read-only"):
            table.get_vector("king", norm=norm)[0] = 1
    table.vectors[0, 0] = 1  # the table itself stays as it was


def test_the_table_is_not_copied(tmp_path):
    (tmp_path / "rows").write_bytes(ROWS.tobytes())
    mapped = np.memmap(tmp_path / "rows", np.float32, "r", shape=ROWS.shape)
    table = WordVectors(WORDS, mapped)
    assert np.shares_memory(table.vectors, mapped)
    assert table.most_similar("king", topn=1) == [("queen", pytest.approx(0.8))]


def test_normed_vectors_are_made_once_and_kept_until_norms_are_filled_again(table):
    normed = table.get_normed_vectors()
    assert normed == pytest.approx(np.array([[0.6, 0.8], [0, 1], [0, 0]]))
    assert table.get_normed_vectors() is normed and not normed.flags.writeable
    table.vectors[1] = [5, 0]
    table.fill_norms()
    assert table.get_normed_vectors() is normed
    table.fill_norms(force=True)
    assert table.get_normed_vectors()[1].tolist() == [1, 0]
    assert table.lengths.tolist() == [5, 5, 1]


def test_an_unknown_word_is_named_with_those_near_it(table):
    with pytest.raises(MissingWordError) as caught:
        table["quen"]
    assert str(caught.value) == (
        "the word 'quen' is not among the 3 words: check its spelling and its case; near it: queen"
    )
    with pytest.raises(MissingWordError, match=r"near it: queen$"):  # as it is written, before what looks alike
        WordVectors(["queer", "Queer", "queen"], np.ones((3, 1), np.float32))["QUEEN"]
    assert isinstance(caught.value, KeyError) and isinstance(caught.value, DataError)
    with pytest.raises(KeyError, match=r"^the word 'xyz' is not among the 3 words: check its spelling and its case$"):
        table.get_index("xyz")


def test_near_words_are_looked_for_when_shown_and_among_the_frequent_only(monkeypatch):
    looked = []
    monkeypatch.setattr("mt2st.errors.get_close_matches", lambda word, words, n: looked.append(len(words)) or [])
    table = WordVectors([f"w{i}" for i in range(10_500)], np.ones((10_500, 1), np.float32))
    with pytest.raises(KeyError) as caught:
        table["x"]
    assert looked == []
    str(caught.value)
    assert looked == [10_000]


def test_the_error_survives_the_way_out_of_a_worker_process(table):
    with pytest.raises(MissingWordError) as caught:
        table["quen"]
    error = pickle.loads(pickle.dumps(copy.copy(caught.value)))
    assert str(error) == str(caught.value) and isinstance(error, MissingWordError)


@pytest.mark.parametrize("word", [0, None, np.int64(1), ("king",), b"king"])
def test_what_is_no_string_is_no_word(table, word):
    with pytest.raises(DataError, match="a word is a string"):
        table.get_vector(word)


@pytest.mark.parametrize(
    ("words", "rows", "rule"),
    [
        (["a", "b", "a"], ROWS, "words must be distinct, 'a' occurs twice"),
        (["a", None, "b"], ROWS, "words must be a list of strings, None found"),
        ("abc", ROWS, "words must be a list of strings, 'abc' found"),
        (["a", "b"], ROWS, r"vectors must be numbers of shape \(2, vector_size\).* shape \(3, 2\) found"),
        (WORDS, ROWS[:, 0], r"shape \(3,\) found"),
        (WORDS, ROWS.astype(str), "<U32 of shape"),
    ],
)
def test_what_does_not_fit_is_refused(words, rows, rule):
    with pytest.raises(DataError, match=rule):
        WordVectors(words, rows)


NONE = np.empty((0, 2), np.float32)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("training", {"window": [5]}, r"training must be settings of train_vectors by name, 'window': \[5\] found"),
        ("training", "cbow", "training must be settings"),
        ("counts", [3, 1], r"one for each of the 3 words: int64 of shape \(2,\) found"),
        ("counts", np.ones(3), "counts must be whole numbers.*: float64 of shape"),
        ("counts", np.ones((3, 1), np.int64), r"of shape \(3, 1\) found"),
        ("output", ROWS[:2], r"output must be numbers of shape \(3, 2\).* shape \(2, 2\) found"),
        ("output", np.ones((3, 5)), r"output must be numbers of shape \(3, 2\).* shape \(3, 5\) found"),
        (
            "subwords",
            SubwordRows(3, 3, 9, np.empty(0, np.int32), NONE, NONE),
            r"subwords.word_rows .*shape \(0, 2\) found",
        ),
    ],
)
def test_other_arrays_fit_words_and_vectors(name, value, rule):
    with pytest.raises(DataError, match=rule):
        WordVectors(WORDS, ROWS, **{name: value})


def test_counts_and_output_are_taken_as_the_formats_need_them():
    found = WordVectors(WORDS, ROWS, counts=[3, 2, 1], output=ROWS.astype(np.float64))
    assert (found.counts.tolist(), found.counts.dtype, found.output.dtype) == ([3, 2, 1], np.int64, np.float32)


def test_a_table_is_gone_through_by_its_words(table):
    assert list(table) == WORDS
    assert ["king"] not in table and ("king",) not in table and 0 not in table


def test_a_row_is_no_word(table):
    for number in (0, np.int64(0), None):
        with pytest.raises(DataError, match="a row's word is in index_to_key, its vector in vectors"):
            table[number]


def test_an_empty_list_of_words_is_refused(table):
    with pytest.raises(DataError, match="an empty one found"):
        table[[]]
