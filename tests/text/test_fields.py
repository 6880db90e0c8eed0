import pytest

from mt2st.errors import DataError
from mt2st.text.fields import Fields, Wanted, pick_named, pick_numbered, refuse_columns


@pytest.mark.parametrize(
    ("names", "wanted", "expected"),
    [
        (["text"], Wanted(), Fields(0, None, None)),
        (["id", " Review ", "SENTIMENT", "review_id"], Wanted(), Fields(1, 2, 3)),
        (["title", "stars"], Wanted("title", "stars"), Fields(0, 1, None)),
        (["Title", "Stars"], Wanted("title", 2), Fields(0, 1, None)),
        (["a", "A"], Wanted("A", "a"), Fields(1, 0, None)),
        (["target", "label"], Wanted(text="target"), Fields(0, 1, None)),
        (["text", "label", "class"], Wanted(label="class"), Fields(0, 2, None)),
        (["x", "x"], Wanted(text="1", label="2"), Fields(0, 1, None)),
        (["2", "text", "1"], Wanted(label="1"), Fields(1, 2, None)),
        (["2", "text", "1"], Wanted(label=1), Fields(1, 0, None)),
    ],
)
def test_columns_by_name(names, wanted, expected):
    assert pick_named(names, wanted) == expected


@pytest.mark.parametrize(
    ("width", "wanted", "expected"),
    [
        (1, Wanted(), Fields(0, None, None)),
        (2, Wanted(), Fields(1, 0, None)),
        (2, Wanted(text=1), Fields(0, 1, None)),
        (2, Wanted(label="2"), Fields(0, 1, None)),
        (2, Wanted(document=1), Fields(1, None, 0)),
        (3, Wanted(text=2), Fields(1, None, None)),
        (3, Wanted(label=1, document=3), Fields(1, 0, 2)),
        (4, Wanted(4, 1), Fields(3, 0, None)),
    ],
)
def test_columns_by_number(width, wanted, expected):
    assert pick_numbered(width, wanted) == expected


@pytest.mark.parametrize(
    ("names", "wanted", "words"),
    [
        (["text", "stars"], Wanted(label="star"), "label_column='star' is not one of the names; did you mean 'stars'"),
        (["title", "stars"], Wanted(), "title, stars by its name: pass text_column="),
        (["text", "body"], Wanted(), "'text' and 'body' could each be the text: pass text_column="),
        (["text", "label", "class"], Wanted(), "pass label_column="),
        (["text", "doc", "group"], Wanted(), "pass document_column="),
        (["text", "label"], Wanted(label="text", text="text"), "different columns"),
        (["text", "a", "a"], Wanted(label="a"), "names 2 columns"),
        (["text", "label"], Wanted(label=3), "outside 1 to 2: columns count from 1"),
        (["text", "label"], Wanted(label=0), "outside 1 to 2"),
        ([], Wanted(), "no names"),
    ],
)
def test_names_that_do_not_settle_the_columns(names, wanted, words):
    with pytest.raises(DataError, match=words.replace("(", r"\(")):
        pick_named(names, wanted)


@pytest.mark.parametrize(("width", "wanted"), [(3, Wanted()), (4, Wanted(label=1)), (3, Wanted(document=1))])
def test_numbers_that_do_not_settle_the_columns(width, wanted):
    with pytest.raises(DataError, match=f"{width} columns and no header: pass text_column="):
        pick_numbered(width, wanted)


def test_a_column_that_a_format_lacks_is_refused():
    refuse_columns(Wanted(label="mood"), "conllu", allowed=["label"])
    with pytest.raises(DataError, match="text_column='a': the lines format has no such column; leave it out"):
        refuse_columns(Wanted(text="a"), "lines")
