"""fastText's labelled lines: ``__label__NAME the text``, with one or more labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mt2st.text.fields import Wanted, refuse_columns
from mt2st.text.parameters import told
from mt2st.text.rows import Cell, RowError, check_text, known_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

PREFIX = "__label__"
LABEL = re.compile(rf"(?<!\S){PREFIX}(\S*)")
LEADING_LABELS = re.compile(rf"\s*(?:{PREFIX}\S*\s*)+")


def read_fasttext(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    """Return the examples of fastText lines; blank lines are skipped, as in fastText.

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
        text, labels = split_labels(line)
        if len(labels) > 1:
            message = f"{len(labels)} labels on one line, a single label is expected: keep one, write a line for each"
            raise RowError("several labels", f"{message}, or read them as multilabel", *labels[1][1:])
        return rows.example(text, labels[0])

    return rows.good(not_blank(lines), parse)


def read_fasttext_lists(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[tuple[str, list[str]]]:
    """Yield text and labels of fastText lines that may have several; skip blank lines.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> [(text, labels)] = read_fasttext_lists([Line(1, "__label__a __label__b fine")], Wanted(), Rows("a.ft"))
    >>> text, labels
    ('fine', ['a', 'b'])
    """
    refuse_columns(wanted, "fasttext")

    def parse(line: Line) -> tuple[str, list[str]]:
        text, labels = split_labels(line)
        for label in labels:
            if known_label(label.value) is None:
                raise RowError("empty label", f"a label is empty: write {PREFIX}NAME", *label[1:])
            if label.column > text.column:
                raise RowError("late label", f"{PREFIX}{label.value} comes after text: put it first", *label[1:])
        return check_text(text), [str(label.value) for label in labels]

    return rows.good(not_blank(lines), parse)


def not_blank(lines: Iterable[Line]) -> Iterator[Line]:
    """Return the lines that are not blank, or have a fault."""
    return (line for line in lines if line.fault or line.text.strip())


def split_labels(line: Line) -> tuple[Cell, list[Cell]]:
    """Return the text and all labels of a line, which must begin with one."""
    if line.fault:
        raise line.fault
    leading = LEADING_LABELS.match(line.text)
    if not leading:
        message = (
            f"the line does not begin with {PREFIX}NAME: put the label first, or read with {told('format')}='lines'"
        )
        raise RowError("missing label", message, line.number)
    labels = [Cell(found[1], line.number, found.start() + 1) for found in LABEL.finditer(line.text)]
    return Cell(line.text[leading.end() :], line.number, leading.end() + 1), labels
