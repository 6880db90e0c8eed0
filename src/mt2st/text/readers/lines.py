"""Running text: each line is a text without a label; blank lines are skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.text.fields import Wanted, refuse_columns
from mt2st.text.rows import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows


def read_text_lines(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    """Return the examples of running text.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> lines = [Line(1, "one"), Line(2, ""), Line(3, "two")]
    >>> [example.text for example in read_text_lines(lines, Wanted(), Rows("a.txt"))]
    ['one', 'two']
    """
    refuse_columns(wanted, "lines")

    def parse(line: Line) -> Example:
        if line.fault:
            raise line.fault
        return rows.example(Cell(line.text, line.number), None)

    return rows.good((line for line in lines if line.fault or line.text.strip()), parse)
