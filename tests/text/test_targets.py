"""Labels that may hold at once, as files have them; `tests/training/further/test_targets.py` has the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text.fields import Wanted
from mt2st.text.rows import Cell, Rows
from mt2st.text.targets import TargetExample, read_list, read_multilabel, written_list

LABEL = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(LABEL, max_size=4))
def test_lists_are_read_back_as_they_were_written(labels):
    written = written_list(labels)
    assert read_list(Cell(written, 1), ",") == labels
    assert not set("\t\r\n") & set(written)


@pytest.mark.parametrize("form", ["tsv", "csv", "jsonl"])
def test_documents_are_found_where_there_are_any(write, form):
    if form == "jsonl":
        rows = [{"labels": "a, b", "text": "fine", "doc": 7}, {"labels": "-", "text": "dull"}]
        path = write("a.jsonl", "\n".join(map(json.dumps, rows)))
    else:
        mark = {"tsv": "\t", "csv": ","}[form]
        lines = ["labels text doc", "a|b fine 7", "- dull "]
        path = write(f"a.{form}", "".join(f"{line}\n" for line in lines).replace(" ", mark))
    separator = "," if form == "jsonl" else "|"
    found = read_multilabel(Rows(str(path)), Wanted(), separator=separator)
    assert found == [TargetExample("fine", ["a", "b"], "7"), TargetExample("dull", [], None)]


def test_without_names_there_is_no_document(write):
    path = str(write("a.tsv", "a\tgroup\n_\tdull\n"))
    assert read_multilabel(Rows(path), Wanted()) == [TargetExample("group", ["a"]), TargetExample("dull", None)]


@pytest.mark.parametrize("name", ["a.ft", "a.txt"])
def test_lines_of_fasttext_have_several_labels(write, name):
    path = str(write(name, "__label__a __label__b\tfine film\n\n __label__a dull__label__b\n"))
    assert read_multilabel(Rows(path), Wanted()) == [
        TargetExample("fine film", ["a", "b"]),
        TargetExample("dull__label__b", ["a"]),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("film", ":2:1: the line does not begin with __label__NAME"),
        ("__label__a film __label__b", ":2:17: __label__b comes after text: put it first"),
        ("__label__a __label__ film", ":2:12: a label is empty: write __label__NAME"),
        ("__label__a __label__b", ":2:22: the text is empty"),
    ],
)
def test_lines_of_fasttext_that_cannot_be_read(write, line, says):
    path = str(write("a.ft", f"__label__a good\n{line}\n"))
    with pytest.raises(DataError, match=says):
        read_multilabel(Rows(path), Wanted())
    rows = Rows(path, skip=True)
    assert len(read_multilabel(rows, Wanted())) == 1 and sum(rows.skipped.values()) == 1


def test_columns_of_which_nothing_is_known_are_no_targets(write):
    path = str(write("a.tsv", "doc\trude\tspam\ttext\n1\t1\t_\tyou\n1\t\t\tme\n"))
    first, second = read_multilabel(Rows(path), Wanted(), columns=["spam", "rude"])
    assert str(first.targets) == "[nan, 1.0]" and second == TargetExample("me", None, "1")


def test_lists_and_texts_in_each_others_place_are_told(write):
    rows = "".join(f"a text of its own {n}\tsport, news\n" for n in range(12))
    with pytest.raises(DataError, match=r"a\.tsv: 12 different labels and 1 different texts"):
        read_multilabel(Rows(str(write("a.tsv", rows))), Wanted())
