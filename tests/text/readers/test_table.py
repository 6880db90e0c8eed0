import csv
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import read_examples
from mt2st.text.rows import known_label

PRINTABLE = st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff")
TEXT = st.text(PRINTABLE, min_size=1, max_size=12).filter(str.strip)
LABEL = TEXT.map(str.strip).filter(known_label)
ROWS = st.lists(st.tuples(TEXT, LABEL), min_size=1, max_size=5)
CSV_TEXT = st.text(PRINTABLE | st.sampled_from('",\n'), min_size=1, max_size=12).filter(str.strip)


@given(ROWS)
def test_tsv_round_trip(write, rows):
    path = write("a.tsv", "text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows))
    read = read_examples(path)
    assert list(zip(read.texts, read.labels, strict=True)) == rows
    assert [example.line for example in read] == list(range(2, len(rows) + 2))
    assert [example.column for example in read] == [len(text) + 2 for text, _ in rows]


@given(st.lists(st.tuples(CSV_TEXT, LABEL), min_size=1, max_size=5))
def test_csv_round_trip(write, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("text", "label"), *rows])
    read = read_examples(write("a.csv", out.getvalue()))
    assert list(zip(read.texts, read.labels, strict=True)) == rows
    marked = b"\xef\xbb\xbf" + out.getvalue().replace("\n", "\r\n").encode()
    assert read_examples(write("a.csv", marked)).examples == read.examples
    source = out.getvalue().split("\n")
    for example in read:
        if example.column is not None:
            assert source[example.line - 1][example.column - 1 :].lstrip('"').startswith(example.label.split('"')[0])


def test_headers_name_columns_in_any_case_and_order(write):
    read = read_examples(write("a.tsv", "ID\tSentiment\tReview\tDoc\n7\tpos\tgood\tb1\n8\tneg\tbad\t\n"))
    assert [(e.text, e.label, e.document, e.line, e.column) for e in read] == [
        ("good", "pos", "b1", 2, 3),
        ("bad", "neg", None, 3, 3),
    ]


def test_columns_can_be_named_or_numbered(write):
    path = write("a.csv", "stars,title,words\n5,Fine,so good\n")
    for text, label, document in [("words", "stars", "title"), ("WORDS", 1, "2"), ("3", "stars", 2)]:
        read = read_examples(path, text_column=text, label_column=label, document_column=document)
        assert [(e.text, e.label, e.document) for e in read] == [("so good", "5", "Fine")]


def test_without_a_header_two_columns_are_label_and_text(write):
    read = read_examples(write("a.tsv", 'pos\ta "fine, film\nneg\tbad\n'))
    assert (read.texts, read.labels) == (['a "fine, film', "bad"], ["pos", "neg"])
    assert [example.line for example in read] == [1, 2]


def test_without_a_header_one_column_is_text(write):
    read = read_examples(write("a.tsv", "a fine film\nbad\n"))
    assert (read.texts, read.labels) == (["a fine film", "bad"], [None, None])


def test_without_a_header_more_columns_need_numbers(write, refuse):
    content = "1\tpos\tgood\n2\tneg\tbad\n"
    refuse("a.tsv", content, "1:1", "3 columns and no header", "pass text_column=")
    read = read_examples(write("a.tsv", content), text_column=3, label_column=2)
    assert (read.texts, read.labels) == (["good", "bad"], ["pos", "neg"])


def test_text_keeps_its_spaces_and_labels_lose_theirs(write):
    read = read_examples(write("a.tsv", " pos \t good  \n"))
    assert (read.texts, read.labels) == ([" good  "], ["pos"])


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_an_empty_line_is_no_row(write, name):
    sign = "\t" if name == "a.tsv" else ","
    rows = f"\npos{sign}good\n\nneg{sign}bad\n\n"
    read = read_examples(write(name, rows))
    assert [(each.label, each.text, each.line) for each in read] == [("pos", "good", 2), ("neg", "bad", 4)]
    with pytest.raises(DataError, match="there are only blank lines"):
        read_examples(write(name, "\n\n"))


@pytest.mark.parametrize(
    ("name", "content", "place", "reason", "words"),
    [
        ("a.tsv", "pos\tgood\nneg\n", "2:4", "wrong column count", ("2 columns expected, 1 found", "separators")),
        ("a.tsv", "good\nbad\tad\n", "2:5", "wrong column count", ("1 column expected, 2 found",)),
        ("a.tsv", "pos\tgood\nneg\tbad\tad\n", "2:9", "wrong column count", ("2 columns expected, 3 found",)),
        (
            "a.csv",
            'text,label\n"a\nb",pos\n"c,\nd",pos,x\n',
            "5:8",
            "wrong column count",
            ("2 columns expected, 3 found",),
        ),
        ("a.csv", 'text,label\n"a\nb",pos\n"c\nd"\n', "5:3", "wrong column count", ("2 columns expected, 1 found",)),
        ("a.tsv", "text\tlabel\ngood\tpos\nbad\t\n", "3:5", "missing label", ("the label is empty", "fill it in")),
        ("a.tsv", "text\tlabel\ngood\tpos\n \tpos\n", "3:1", "empty text", ("the text is empty", "fill it in")),
        ("a.csv", 'id,text,label\n1,good,pos\n"2, b","",pos\n', "3:8", "empty text", ("the text is empty",)),
        ("a.csv", 'text,label\ngood,pos\n"a\nb",""\n', "4:4", "missing label", ("the label is empty",)),
        ("a.csv", 'text,label\ngood,pos\n"a"b,pos\n', "3:1", "bad quoting", ("expected after", "close the quote")),
        ("a.csv", 'label,text\npos,good\n"b",x,"a b\n', "3:7", "bad quoting", ("unexpected end", "close the quote")),
    ],
)
def test_bad_rows(refuse_row, name, content, place, reason, words):
    refuse_row(name, content, place, reason, *words)


def test_an_unclosed_quote_costs_one_row_and_not_the_rest(write):
    rows = [f"row {number},pos" for number in range(50)]
    rows[20] = '"row 20,pos'
    read = read_examples(write("a.csv", "\n".join(["text,label", *rows])), on_bad_rows="skip")
    assert len(read) == 49
    assert read.skipped == {"bad quoting": 1}
    assert ([example.line for example in read][19:21]) == [21, 23]


def test_a_header_alone(refuse):
    for on_bad_rows in ("error", "skip"):
        refuse("a.tsv", "text\tlabel\n", "1:1", "only a header row", "add rows", on_bad_rows=on_bad_rows)


def test_an_unknown_column(refuse):
    words = ("label_column='lable' is not one of the names", "did you mean 'label'")
    refuse("a.csv", "text,label\ngood,pos\n", "1:1", *words, label_column="lable", on_bad_rows="skip")


def test_a_header_that_cannot_be_read_is_not_skipped(refuse):
    refuse("a.tsv", b"text\tlabel\tna\xefve\ngood\tpos\tx\n", "1:1", "UTF-8", "iconv", on_bad_rows="skip")


def test_a_first_row_that_cannot_be_read_is_skipped_where_there_is_no_header(write):
    read = read_examples(write("a.tsv", b"pos\tna\xefve\nneg\tbad\n"), on_bad_rows="skip")
    assert (read.texts, read.labels) == (["bad"], ["neg"])


def test_a_table_parted_by_something_else(refuse):
    refuse("a.csv", "text;label\ngood;pos\n", "1:1", "'text;label' is one column", "commas")
    refuse("a.tsv", "label,text\npos,good\n", "1:1", "'label,text' is one column", "tabs")


def test_labels_required_of_a_table_without_them(refuse):
    says = "the label is in none of text, stars by its name (usual names are label,", "label_column=", "'multilabel'"
    for bad in ("error", "skip"):
        refuse("a.csv", "text,stars\ngood,5\n", "1:1", *says, require_labels=True, on_bad_rows=bad)


def test_a_column_cannot_be_both_text_and_label(write):
    with pytest.raises(DataError, match="different columns"):
        read_examples(write("a.tsv", "text\tlabel\na\tb\n"), text_column="text", label_column=1)


def test_any_damage_is_a_data_error_and_nothing_else(write):
    generator = random.Random(0)
    clean = b'text,label\n"a ""b"" c",pos\n"d\ne",neg\nf,pos\n'
    for _ in range(300):
        damaged = bytearray(clean)
        for _ in range(generator.randint(1, 4)):
            damaged[generator.randrange(len(damaged))] = generator.choice(b'",\n\r\t\0a\xff')
        for on_bad_rows in ("error", "skip"):
            try:
                read_examples(write("a.csv", bytes(damaged)), on_bad_rows=on_bad_rows)
            except DataError as error:
                assert "a.csv:" in str(error)
