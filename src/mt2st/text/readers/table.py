"""Tables: tab-separated (no quoting) and comma-separated (quotes and embedded newlines honoured)."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from mt2st.errors import DataError, counted, listed
from mt2st.text.fields import LABEL_NAMES, TEXT_NAMES, Fields, Wanted, is_name, pick_named, pick_numbered
from mt2st.text.parameters import asked
from mt2st.text.readers.records import Row, csv_rows, tsv_rows
from mt2st.text.rows import Cell, RowError, how_to_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

SEPARATORS = re.compile(r"[,;\t|]")


def read_tsv(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    r"""Return the examples of a tab-separated table.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> [example] = read_tsv([Line(1, "pos\ta fine film")], Wanted(), Rows("a.tsv"))
    >>> example.label, example.text
    ('pos', 'a fine film')
    """
    return read_table(tsv_rows(lines), wanted, rows)


def read_csv(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    r"""Return the examples of a comma-separated table.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> lines = [Line(1, "text,label"), Line(2, '"fine, really",pos')]
    >>> [example] = read_csv(lines, Wanted(), Rows("a.csv"))
    >>> example.label, example.text
    ('pos', 'fine, really')
    """
    return read_table(csv_rows(lines), wanted, rows)


def read_table(records: Iterator[Row], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    """Return the examples of a table, whose first row determines its columns."""
    first = next(records, None)
    if first is None:
        return iter(())
    header = has_header(first.cells, wanted)
    fields = settle(first, wanted, rows, header=header)
    width = len(first.cells)

    def parse(row: Row) -> Example:
        check_row(row, width)
        text, label, document = (None if at is None else cell(row, at) for at in fields)
        return rows.example(text or Cell(None, row.number), label, document and document.value, row.number)

    if not header:
        return rows.good(chain([first], records), parse)
    second = next(records, None)
    if second is None:
        message = "there is only a header row and no row under it: add rows, or check that the file is complete"
        raise DataError(message, path=rows.path, line=first.number, column=1)
    return rows.good(chain([second], records), parse)


def has_header(cells: Sequence[str], wanted: Wanted) -> bool:
    """Return whether the first row names the columns: it has a usual name for the text, or names were requested."""
    return any(map(is_name, wanted)) or any(name.strip().lower() in TEXT_NAMES for name in cells)


def settle(first: Row, wanted: Wanted, rows: Rows, *, header: bool) -> Fields:
    """Return the columns; an error here affects every row, so it is raised even if bad rows are skipped."""
    try:
        if header and first.fault:
            raise DataError(first.fault.message)
        refuse_other_separator(first.cells)
        found = pick_named(first.cells, wanted) if header else pick_numbered(len(first.cells), wanted)
        if header and found.label is None and rows.require_labels:
            usual = f"by its name (usual names are {', '.join(LABEL_NAMES)})"
            raise DataError(f"the label is in none of {listed(first.cells)} {usual}: {how_to_label()}")
        return found
    except DataError as error:
        raise DataError(str(error), path=rows.path, line=first.number, column=1) from error


def refuse_other_separator(cells: Sequence[str]) -> None:
    """Raise `DataError` if a header is one cell because its names have another separator."""
    names = {name.strip().lower() for name in SEPARATORS.split(cells[0])} if len(cells) == 1 else set()
    if names & set(TEXT_NAMES) and names & set(LABEL_NAMES):
        raise DataError(
            f"the header {cells[0]!r} is one column: use tabs in .tsv, commas in .csv, or pass {asked('format')}"
        )


def check_row(row: Row, width: int) -> None:
    """Raise `RowError` if a row cannot be decoded or its number of cells differs from the first row's."""
    if row.fault:
        raise row.fault
    if len(row.cells) != width:
        line, column = row.place(width) if len(row.cells) > width else row.position(len(row.raw))
        message = f"{counted(width, 'column')} expected, {len(row.cells)} found: every row needs as many as the first"
        raise RowError("wrong column count", f"{message}; add or remove separators", line, column)


def cell(row: Row, at: int) -> Cell:
    """Return a cell with its position."""
    return Cell(row.cells[at], *row.place(at))
