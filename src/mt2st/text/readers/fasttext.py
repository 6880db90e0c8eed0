"""fastText's labelled lines: ``__label__NAME the text``, one label a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mt2st.text.fields import Wanted, refuse_columns
from mt2st.text.parameters import told
from mt2st.text.rows import Cell, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

PREFIX = "__label__"
LABEL = re.compile(rf"(?<!\S){PREFIX}(\S*)")
LEADING_LABEL = re.compile(rf"\s*{PREFIX}(\S*)\s*")


def read_fasttext(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    """Return the examples of fastText lines; blank lines are passed over, as fastText does.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> [example] = read_fasttext([Line(1, "__label__pos a fine film")], Wanted(), Rows("a.ft"))
    >>> example.label, example.text
    ('pos', 'a fine film')
    """
    refuse_columns(wanted, "fasttext")

    def parse(line: Line) -> Example:
        text, label = split_label(line)
        return rows.example(text, label)

    return rows.good((line for line in lines if line.fault or line.text.strip()), parse)


def split_label(line: Line) -> tuple[Cell, Cell]:
    """Return the text and the label of a line, which must begin with its only label."""
    if line.fault:
        raise line.fault
    labels = list(LABEL.finditer(line.text))
    if len(labels) > 1:
        message = f"{len(labels)} labels on one line, a single label is expected: keep one, or write a line for each"
        raise RowError("several labels", message, line.number, labels[1].start() + 1)
    leading = LEADING_LABEL.match(line.text)
    if not leading:
        message = (
            f"the line does not begin with {PREFIX}NAME: put the label first, or read with {told('format')}='lines'"
        )
        raise RowError("missing label", message, line.number)
    text = Cell(line.text[leading.end() :], line.number, leading.end() + 1)
    return text, Cell(leading[1], line.number, labels[0].start() + 1)
