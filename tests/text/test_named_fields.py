import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text.named_fields import Field, find_fields, read_fields
from mt2st.text.rows import Rows

SCORE, TEXT, SECOND = (
    Field("label", None, ("score",)),
    Field("text", None, ("text", "text1")),
    Field("second", None, ("text2",)),
)
ALL = [SCORE, TEXT, SECOND]
VALUE = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='\ufeff"\t\r\n,'), max_size=5)


def read(path, fields=ALL, skip=False, **options):
    rows = Rows(str(path), skip=skip)
    return [[cell.value for cell in cells] for cells in read_fields(rows.path, fields, rows, **options)]


@given(st.lists(st.tuples(VALUE, VALUE, VALUE), min_size=1, max_size=4), st.permutations(["score", "text1", "text2"]))
def test_columns_are_found_by_their_names_in_every_format_and_order(write, records, order):
    by_name = [dict(zip(("score", "text1", "text2"), record, strict=True)) for record in records]
    wanted = [[value or None for value in record] for record in records]
    for name, separator in (("a.tsv", "\t"), ("a.csv", ",")):
        lines = [separator.join(order), *(separator.join(each[key] for key in order) for each in by_name)]
        assert read(write(name, "\n".join(lines) + "\n")) == wanted
    lines = [json.dumps({key: each[key] for key in order}, ensure_ascii=False) for each in by_name]
    assert read(write("a.jsonl", "\n".join(lines))) == wanted


def test_without_names_columns_come_in_order_or_as_numbered(write):
    path = write("a.tsv", "5\ta cat\tthe cat\n\ta dog\tno\n")
    assert read(path) == [["5", "a cat", "the cat"], [None, "a dog", "no"]]
    numbered = [SCORE._replace(column=2), TEXT._replace(column=1), SECOND._replace(column="3")]
    assert read(path, numbered)[0] == ["a cat", "5", "the cat"]


def test_json_values_are_as_written_and_null_is_empty(write):
    lines = ['{"score": 4.5, "text": "a", "text2": null}', '{"score": true, "text": "b", "text2": ["c", "d"]}']
    assert read(write("a.jsonl", "\n".join(lines))) == [["4.5", "a", None], ["true", "b", '["c", "d"]']]


def test_cells_know_their_place(write):
    rows = Rows(str(write("a.csv", 'text,score,text2\n"a, b",,"c\nd"\n')))
    [cells] = read_fields(rows.path, ALL, rows)
    assert [(cell.value, cell.line, cell.column) for cell in cells] == [(None, 2, 8), ("a, b", 2, 1), ("c\nd", 2, 9)]


BAD = [
    (
        "a.tsv",
        "score\ttext\tb\n1\ta\tb\n",
        ":1:1: ",
        "the second is in none of score, text, b by its name",
    ),
    ("a.tsv", "1\ta\tb\tc\n", ":1:1: ", "4 columns and no header: pass label_column=, text_column=, second_column="),
    ("a.tsv", "score\ttext\ttext1\ttext2\n", ":1:1: ", "'text' and 'text1' could each be the text: pass text_column="),
    ("a.tsv", "score\ttext\ttext2\n1\ta\n", ":2:4: ", "3 columns expected, 2 found"),
    ("a.jsonl", "{}", ":1:1: ", "the label is in none of no names by its name"),
    ("a.jsonl", '{"score": 1, "text": "a"}', ":1:1: ", "the second is in none of score, text by its name"),
    ("a.jsonl", '{"score": {"a": 1}, "text": "a", "text2": ""}', ":1:11: ", "'score' must be a string, a number"),
    ("a.jsonl", '{"score": 1, "text": "\\ud800", "text2": ""}', ":1:22: ", "'text' holds a NUL or half a surrogate"),
    ("a.txt", "1 a b\n", ": ", "a table or JSON lines are needed, fasttext or lines found"),
]


@pytest.mark.parametrize(("name", "content", "place", "message"), BAD)
def test_what_cannot_be_read_is_named_with_its_place(write, name, content, place, message):
    path = write(name, content)
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}{place}{message}"), str(caught.value)


def test_bad_rows_are_counted_and_left_out_where_asked(write):
    path = write("a.tsv", "score\ttext\ttext2\n1\ta\tb\n2\tc\n3\td\te\n")
    assert [record[0] for record in read(path, skip=True)] == ["1", "3"]


def test_numbers_are_no_keys_and_one_column_is_not_two(write):
    with pytest.raises(DataError, match="the keys of JSON lines are names, not numbers"):
        read(write("a.jsonl", "{}"), [Field("text", 1)])
    assert read(write("a.jsonl", '{"text": "a", "1": 0}'), [Field("label", "1"), Field("text", "text")]) == [["0", "a"]]
    with pytest.raises(DataError, match="two of label, text are the same column: pass different ones"):
        find_fields(["a", "b"], [Field("label", "a"), Field("text", 1)])
