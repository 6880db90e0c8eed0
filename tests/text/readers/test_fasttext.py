import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text import read_examples

SIGN = st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="\ufeff_")
LABEL = st.text(SIGN, min_size=1, max_size=6)
TEXT = st.lists(LABEL, min_size=1, max_size=4).map(" ".join)


@given(st.lists(st.tuples(LABEL, TEXT), min_size=1, max_size=5))
def test_round_trip(write, rows):
    path = write("a.ft", "".join(f"__label__{label} {text}\n" for label, text in rows))
    read = read_examples(path, require_labels=True)
    assert list(zip(read.labels, read.texts, strict=True)) == rows
    assert [example.line for example in read] == list(range(1, len(rows) + 1))


def test_space_before_the_label_and_blank_lines(write):
    read = read_examples(write("a.ft", "\n  __label__x\ta film \n"))
    assert [(e.text, e.label, e.line, e.column) for e in read] == [("a film ", "x", 2, 3)]


def test_a_label_inside_a_word_is_text(write):
    assert read_examples(write("a.ft", "__label__x a__label__y\n")).texts == ["a__label__y"]


@pytest.mark.parametrize(
    ("bad", "place", "reason", "words"),
    [
        (
            "__label__a __label__b film",
            "2:12",
            "several labels",
            ("2 labels", "single label", "multilabel"),
        ),
        ("__label__a film __label__b", "2:17", "several labels", ("single label",)),
        ("film __label__a", "2:1", "missing label", ("does not begin with __label__NAME", "put the label first")),
        ("film", "2:1", "missing label", ("format='lines'",)),
        ("__label__ film", "2:1", "missing label", ("the label is empty",)),
        ("__label__a", "2:11", "empty text", ("fill it in",)),
        ("__label__a  ", "2:13", "empty text", ("fill it in",)),
    ],
)
def test_bad_rows(refuse_row, bad, place, reason, words):
    refuse_row("a.ft", f"__label__x good\n{bad}\n", place, reason, *words)
