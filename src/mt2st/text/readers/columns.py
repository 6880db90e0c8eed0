"""Columns of CoNLL-2003 and BIO files: a token per line, a blank line after each sentence."""

from __future__ import annotations

import re
from itertools import dropwhile
from typing import TYPE_CHECKING

from mt2st.errors import DataError
from mt2st.text.fields import Wanted, refuse_columns
from mt2st.text.parameters import asked
from mt2st.text.readers.blocks import blocks, check_width, raise_fault
from mt2st.text.readers.column_names import part_header, separator_of
from mt2st.text.rows import Cell, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

DOCUMENT_START = "-DOCSTART-"
# Signs in the numbers of CoNLL-U's ranges (1-2) and empty nodes (1.1).
RANGE_OR_EMPTY = set("-.")


def read_columns(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    r"""Return a text for each sentence: its tokens, which are the first column, joined by spaces.

    Documents, if separated by ``-DOCSTART-`` lines, are numbered from 1. A header is skipped, see `part_header`. Lines
    before a sentence that begin with ``# `` are comments if they begin with ``# id `` or differ in the number of
    columns from the sentence's last line; otherwise ``#`` is a token.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> lines = [Line(1, "-DOCSTART- O"), Line(2, ""), Line(3, "Anna B-PER"), Line(4, "ran O")]
    >>> [(example.text, example.document) for example in read_columns(lines, Wanted(), Rows("a.conll"))]
    [('Anna ran', '1')]
    """
    refuse_columns(wanted, "columns")
    if rows.require_labels:
        rule = "a tag for each token is here, and a label for each text is asked for"
        raise DataError(f"{rule}: that is the kind tagging, for a tagger ({asked('kind')})", path=rows.path)
    layout, (_, others) = Layout(), part_header(lines)

    def parse(sentence: tuple[list[Line], str | None]) -> Example:
        block, document = sentence
        raise_fault(block)
        tokens = [layout.token(line) for line in block]
        return rows.example(Cell(" ".join(tokens), block[0].number), None, document)

    return rows.good(sentences(others), parse)


def sentences(lines: Iterable[Line]) -> Iterator[tuple[list[Line], str | None]]:
    """Yield the lines of each sentence with the number of its document; None before the first document line."""
    documents = 0
    for block in blocks(lines):
        starts = [at for at, line in enumerate(block) if line.text.startswith(DOCUMENT_START) and not line.fault]
        for begin, end in zip([0, *(at + 1 for at in starts)], [*starts, len(block)], strict=True):
            if sentence := _without_comments(block[begin:end]):
                yield sentence, str(documents) if documents else None
            documents += end < len(block)


def _without_comments(sentence: list[Line]) -> list[Line]:
    """Return the lines after the leading comments; see `read_columns`."""

    def is_comment(line: Line) -> bool:
        if line.fault or not line.text.startswith("# "):
            return False
        return line.text.startswith("# id ") or len(separator.split(line.text.rstrip(" "))) != width

    last = sentence[-1].text.rstrip(" ") if sentence else ""
    separator = separator_of(last)
    width = len(separator.split(last))
    return list(dropwhile(is_comment, sentence))


def number_tokens(columns: Iterable[list[str]]) -> bool:
    """Return whether a column, given by sentence, numbers the tokens of each from 1, as in CoNLL-U.

    Examples
    --------
    >>> number_tokens([["1", "2-3", "2", "3"], ["1"]]), number_tokens([["1", "dog"], ["1"]])
    (True, False)
    """
    whole = [[cell for cell in column if not RANGE_OR_EMPTY & {*cell}] for column in columns]
    counted = all(column and column == [str(at) for at, _ in enumerate(column, 1)] for column in whole)
    return counted and max(map(len, whole)) > 1


class Layout:
    """The separator and number of columns, taken from the first token line."""

    def __init__(self) -> None:
        self.separator: re.Pattern[str] | None = None
        self.width = 0

    def token(self, line: Line) -> str:
        """Return the first column of a line with the same layout as the first line."""
        return self.cells(line)[0]

    def cells(self, line: Line) -> list[str]:
        """Return the columns of a line with the same layout as the first line; the first must not be empty."""
        separator = self.separator or separator_of(line.text)
        cells = separator.split(line.text.rstrip(" "))
        if self.separator is None:
            self.separator, self.width = separator, len(cells)
        check_width(line, cells, self.width, separator)
        if not cells[0].strip():
            message = "the first column is empty: fill in the token, or remove the line"
            raise RowError("empty token", message, line.number)
        return cells
