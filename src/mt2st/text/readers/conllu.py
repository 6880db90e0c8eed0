"""CoNLL-U, the format of Universal Dependencies: comments, then ten columns per token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mt2st.errors import DataError
from mt2st.text.fields import Wanted, is_number, refuse_columns
from mt2st.text.parameters import told
from mt2st.text.readers.blocks import blocks, check_width, raise_fault
from mt2st.text.rows import Cell, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

WIDTH = 10
COMMENT = re.compile(r"#\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?")
TOKEN_ID = re.compile(r"(\d+)(?:-(\d+)|(\.)\d+)?")


def read_conllu(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    r"""Return a text for each sentence; ``label_column`` names the comment that holds its label.

    The text is the comment ``# text =``, or else the forms, with the tokens' spacing. Documents come from ``# newdoc``
    and are numbered from 1 if they have no id.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> token = "1\tGo\tgo\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No"
    >>> [example] = read_conllu([Line(1, "# mood = calm"), Line(2, token)], Wanted(label="mood"), Rows("a.conllu"))
    >>> example.text, example.label
    ('Go', 'calm')
    """
    refuse_columns(wanted, "conllu", allowed=["label"])
    if is_number(wanted.label):
        raise DataError(f"{told('label_column')} is the name of a CoNLL-U comment, not a number: e.g. 'sentiment'")

    def parse(sentence: Sentence) -> Example:
        raise_fault(sentence.lines)
        nowhere = Cell(None, sentence.lines[0].number)
        forms = join_forms(sentence.tokens())
        text = nowhere._replace(value=sentence.comments.get("text", nowhere).value or forms)
        label = None if wanted.label is None else sentence.comments.get(str(wanted.label), nowhere)
        return rows.example(text, label, sentence.document)

    return rows.good(sentences(lines), parse)


class Sentence(NamedTuple):
    """The lines of a sentence, its comments by key, and the id of its document."""

    lines: list[Line]
    comments: dict[str, Cell]
    document: str | None

    def tokens(self) -> list[Line]:
        """Return the lines that are not comments."""
        return [line for line in self.lines if not line.text.startswith("#")]


def sentences(lines: Iterable[Line]) -> Iterator[Sentence]:
    """Yield each sentence; its document is None before the first ``# newdoc``."""
    document: str | None = None
    documents = 0
    for block in blocks(lines):
        comments = read_comments(block)
        if "newdoc" in comments or "newdoc id" in comments:
            documents += 1
            document = comments.get("newdoc id", Cell(None, 0)).value or str(documents)
        yield Sentence(block, comments, document)


def read_comments(block: list[Line]) -> dict[str, Cell]:
    """Return the comments of a sentence by key; one without a value has None."""
    found: dict[str, Cell] = {}
    for line in block:
        comment = COMMENT.fullmatch(line.text)
        if comment:
            start = comment.start(2 if comment[2] is not None else 1)
            found[comment[1]] = Cell(comment[2], line.number, start + 1)
    return found


def join_forms(tokens: list[Line]) -> str:
    """Return the forms as running text: a range's own form for its words, without empty nodes."""
    text, covered = "", 0
    for line in tokens:
        cells, first, last, empty = split_token(line)
        if empty or first <= covered:
            continue
        covered = last or covered
        text += cells[1] + ("" if "SpaceAfter=No" in cells[9].split("|") else " ")
    return text.rstrip(" ")


def split_token(line: Line) -> tuple[list[str], int, int, bool]:
    """Return a line's cells, its number, the last number of its range or 0, and whether it is an empty node."""
    cells = line.text.split("\t")
    check_width(line, cells, WIDTH)
    number = TOKEN_ID.fullmatch(cells[0])
    if not number:
        message = f"the token's number is {cells[0]!r}: write it as 1, as 1-2 for a range, or as 1.1 for an empty node"
        raise RowError("bad token number", message, line.number)
    return cells, int(number[1]), int(number[2] or 0), bool(number[3])
