import pytest

from mt2st.errors import DataError
from mt2st.text.rows import Cell, RowError, Rows


def fail(line):
    raise RowError("odd" if line % 2 else "even", f"line {line} is bad: correct it", line, 4)


def test_the_first_bad_row_is_an_error_with_its_place():
    rows = Rows("a.tsv")
    with pytest.raises(DataError, match=r"^a\.tsv:7:4: line 7 is bad: correct it$") as caught:
        list(rows.good([7, 8], fail))
    assert (caught.value.path, caught.value.line, caught.value.column) == ("a.tsv", 7, 4)


def test_skipped_rows_are_counted_by_reason_and_the_first_five_shown():
    rows = Rows("a.tsv", skip=True)
    assert list(rows.good(range(1, 8), fail)) == []
    assert rows.skipped == {"odd": 4, "even": 3}
    assert rows.first_skipped == [f"a.tsv:{line}:4: line {line} is bad: correct it" for line in range(1, 6)]


def test_an_example_has_the_place_of_its_label():
    example = Rows("a").example(Cell("fine", 3, 5), Cell(" pos ", 3, 1), "book", 3)
    assert (example.text, example.label, example.document) == ("fine", "pos", "book")
    assert (example.line, example.column) == (3, 1)


def test_a_label_on_a_later_line_has_no_column_on_the_first():
    assert Rows("a").example(Cell("fine", 3), Cell("pos", 4, 9), line=3).column is None


def test_an_empty_document_is_none():
    assert Rows("a").example(Cell("fine", 1), None, "").document is None


@pytest.mark.parametrize(
    ("text", "label", "rules", "reason", "words"),
    [
        (None, "pos", {}, "empty text", "fill it in"),
        (" \t", "pos", {}, "empty text", "fill it in"),
        ("fine", "", {}, "missing label", "fill it in"),
        ("fine", None, {}, "missing label", "fill it in"),
        ("fine", "pso", {"labels": frozenset(["pos", "neg"])}, "unknown label", "did you mean 'pos'"),
        ("fine", "zzz", {"labels": frozenset(["pos", "neg"])}, "unknown label", "known: neg, pos"),
    ],
)
def test_rules_for_every_format(text, label, rules, reason, words):
    with pytest.raises(RowError, match=words) as caught:
        Rows("a", **rules).example(Cell(text, 2, 9), Cell(label, 2, 5))
    place = (2, 9) if reason == "empty text" else (2, 5)
    assert (caught.value.reason, caught.value.line, caught.value.column) == (reason, *place)


def test_labels_can_be_required_of_a_file_that_has_none():
    assert Rows("a").example(Cell("fine", 2), None).label is None
    with pytest.raises(RowError, match="label_column="):
        Rows("a", require_labels=True).example(Cell("fine", 2), None)


@pytest.mark.parametrize("label", ["", " ", "_", None])
def test_an_example_whose_label_is_not_known_is_bad_or_kept_without_one(label):
    with pytest.raises(RowError, match="fill it in, or remove the row") as caught:
        Rows("a").example(Cell("fine", 2), Cell(label, 2, 5))
    assert (caught.value.reason, caught.value.column) == ("missing label", 5)
    assert Rows("a", keep_unlabelled=True).example(Cell("fine", 2), Cell(label, 2, 5)).label is None


def test_a_class_that_is_known_by_the_name_of_a_missing_label_is_a_class():
    rows = Rows("a", labels=frozenset(["_", "x"]), keep_unlabelled=True)
    assert rows.example(Cell("fine", 2), Cell("_", 2)).label == "_"
