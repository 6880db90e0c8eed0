from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.datasets.rated import RatedSentence, parse_rated
from mt2st.errors import DataError


def test_document_and_sentence() -> None:
    assert parse_rated(b"12_3\t-0.5\t a , b .\r\n12_4\t4\tc\r\n", path="x") == [
        RatedSentence("12", -0.5, " a , b .", 1),
        RatedSentence("12", 4.0, "c", 2),
    ]


def test_a_number_alone_is_a_document() -> None:
    assert [row.document for row in parse_rated(b"7\t1\ta\n8\t2\tb", path="x")] == ["7", "8"]


def test_only_line_feeds_end_a_line() -> None:
    (row,) = parse_rated("1\t1\ta\u2028b\x85c\x0cd".encode(), path="x")
    assert row.text == "a\u2028b\x85c\x0cd"


def test_no_lines() -> None:
    assert parse_rated(b"", path="x") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "f.txt:2: a line is id, rating and sentence with tabs between, found 1 of 3 fields"),
        (b"2\t1", "f.txt:2: a line is id, rating and sentence with tabs between, found 2 of 3 fields"),
        (b"2\t1\ta\tb", "f.txt:2: a line is id, rating and sentence with tabs between, found 4 of 3 fields"),
        (b"x2\t1\ta", "f.txt:2:1: an id is a number or number_number, found 'x2'"),
        (b"2_\t1\ta", "f.txt:2:1: an id is a number or number_number, found '2_'"),
        (b"1\t1\ta", "f.txt:2:1: the id 1 was used on line 1 already"),
        (b"2\tgood\ta", "f.txt:2:3: a rating is a number from -4 to 4, found 'good'"),
        (b"2\tnan\ta", "f.txt:2:3: a rating is a number from -4 to 4, found 'nan'"),
        (b"2\t4.01\ta", "f.txt:2:3: a rating is a number from -4 to 4, found '4.01'"),
        (b"23\t-5\ta", "f.txt:2:4: a rating is a number from -4 to 4, found '-5'"),
        (b"2\t1\t  ", "f.txt:2:5: the sentence is empty"),
        ("2\t1\té".encode() + b"\xff", "f.txt:2:6: the line is not UTF-8: save the file as UTF-8"),
    ],
)
def test_errors_name_line_and_column(line: bytes, message: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_rated(b"1\t0\tfine\r\n" + line + b"\r\n3\t0\tfine", path="f.txt")
    assert str(caught.value) == message


SENTENCES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r"), min_size=1).filter(str.strip)
RATINGS = st.integers(-400, 400).map(lambda hundredths: hundredths / 100)


@given(st.lists(st.tuples(RATINGS, SENTENCES)), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read(rows: list[tuple[float, str]], end: str) -> None:
    data = "".join(f"{n}\t{rating:.2f}\t{text}{end}" for n, (rating, text) in enumerate(rows)).encode()
    assert [(row.rating, row.text) for row in parse_rated(data, path="x")] == rows


@given(st.binary())
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        parse_rated(data, path="x")
    except DataError as error:
        assert error.line is not None
