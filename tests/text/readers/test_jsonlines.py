import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import read_examples
from mt2st.text.readers.jsonlines import value_columns
from mt2st.text.rows import known_label

ANY = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
TEXT = st.text(ANY, min_size=1, max_size=12).filter(str.strip)
LABEL = st.text(ANY, min_size=1, max_size=6).map(str.strip).filter(known_label)
EXTRA = st.dictionaries(st.sampled_from(["id", "meta", 'q"']), st.none() | st.integers() | st.lists(TEXT) | TEXT)


@given(st.lists(st.tuples(TEXT, LABEL, EXTRA), min_size=1, max_size=4), st.booleans())
def test_round_trip(write, rows, ascii_only):
    records = [{**extra, "text": text, "label": label} for text, label, extra in rows]
    path = write("a.jsonl", "".join(json.dumps(record, ensure_ascii=ascii_only) + "\n" for record in records))
    read = read_examples(path)
    assert list(zip(read.texts, read.labels, strict=True)) == [(text, label) for text, label, _ in rows]
    source = path.read_text(encoding="utf-8").split("\n")
    for example, (_, label, _) in zip(read, rows, strict=True):
        assert source[example.line - 1][example.column - 1 :] == json.dumps(label, ensure_ascii=ascii_only) + "}"


def test_labels_may_be_whole_numbers_or_truth_values(write):
    lines = [f'{{"sentence": "s", "y": {value}}}' for value in ('"a"', "1", "-2", "true", "false")]
    assert read_examples(write("a.jsonl", "\n".join(lines))).labels == ["a", "1", "-2", "true", "false"]


def test_keys_can_be_named_and_blank_lines_are_passed_over(write):
    content = '{"title": "good", "stars": 5, "book": 7}\n\n{"stars": 1, "title": "bad", "book": null}\n'
    read = read_examples(write("a.ndjson", content), text_column="title", label_column="stars", document_column="book")
    assert [(e.text, e.label, e.document, e.line) for e in read] == [("good", "5", "7", 1), ("bad", "1", None, 3)]


def test_a_nested_label_is_not_the_label():
    assert value_columns('{"meta": {"label": "x"}, "t": "\\"label\\": 3", "label": "y"}')["label"] == 56


GOOD = '{"text": "good", "label": "pos"}\n'


@pytest.mark.parametrize(
    ("bad", "place", "reason", "words"),
    [
        ('{"text": "bad", "label": pos}', "2:26", "JSON syntax", ("not JSON (Expecting value)", "one object a line")),
        ('{"text": "bad"', "2:15", "JSON syntax", ("not JSON",)),
        ('{"text": "a"} {"text": "b"}', "2:15", "JSON syntax", ("Extra data",)),
        ("[" * 100_000, "2:1", "JSON syntax", ("simplify",)),
        ('{"text": "a", "label": ' + "1" * 5000 + "}", "2:1", "JSON syntax", ("simplify",)),
        ('["bad", "neg"]', "2:1", "not an object", ("list found", "write {")),
        ('"bad"', "2:1", "not an object", ("str found",)),
        ('{"txt": "bad", "label": "neg"}', "2:1", "missing key", ("txt, label", "text_column=", "add the key")),
        ("{}", "2:1", "missing key", ("no names",)),
        ('{"text": "bad", "body": "x", "label": "neg"}', "2:1", "missing key", ("'text' and 'body'",)),
        ('{"text": "bad"}', "2:1", "missing label", ("None here but 'label' in the first",)),
        ('{"text": "bad", "label": null}', "2:26", "missing label", ("the label is empty",)),
        ('{"text": "bad", "label": " "}', "2:26", "missing label", ("the label is empty",)),
        ('{"text": "bad", "label": 1.5}', "2:26", "wrong type", ("float found", "convert it")),
        ('{"text": "bad", "label": ["a"]}', "2:26", "wrong type", ("list found", "read by the kind 'multilabel'")),
        ('{"text": 7, "label": "neg"}', "2:10", "wrong type", ("'text' must be a string, int found",)),
        ('{"text": "", "label": "neg"}', "2:10", "empty text", ("fill it in",)),
        ('{"text": null, "label": "neg"}', "2:10", "empty text", ("fill it in",)),
        ('{"text": "a\\u0000", "label": "neg"}', "2:10", "NUL byte", ("remove the escape",)),
        ('{"text": "a", "label": "\\ud800"}', "2:24", "NUL byte", ("surrogate",)),
    ],
)
def test_bad_rows(refuse_row, bad, place, reason, words):
    refuse_row("a.jsonl", GOOD + bad + "\n" + GOOD, place, reason, *words)


def test_a_label_that_begins_late_is_not_ignored(refuse_row):
    refuse_row("a.jsonl", '{"text": "a"}\n{"text": "b", "label": "x"}\n', "2:1", "missing label", "label all alike")


def test_an_unknown_key(refuse):
    refuse("a.jsonl", GOOD, "1:1", "label_column='lable'", "did you mean 'label'", label_column="lable")


def test_numbers_are_no_keys(write):
    with pytest.raises(DataError, match="names, not numbers: pass a name"):
        read_examples(write("a.jsonl", GOOD), text_column=1)
