"""The rows of a table as cells, with their physical lines and columns."""

from __future__ import annotations

import csv
import re
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mt2st.text.rows import RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.files import Line

FIELD = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",][^,]*+|)'
FIELD_AND_END = re.compile(rf"{FIELD}(?:,|\Z)")
GOOD_FIELDS = re.compile(rf"(?:{FIELD},)*+")


class Row(NamedTuple):
    """One row: the line it starts on, its source, its cells, and its fault, if any."""

    number: int
    raw: str
    cells: list[str]
    fault: RowError | None = None
    quoted: bool = False

    def place(self, at: int) -> tuple[int, int]:
        """Return the line and the column at which a cell starts."""
        if self.quoted:
            return self.position(next(islice(FIELD_AND_END.finditer(self.raw), at, None)).start())
        return self.position(sum(map(len, self.cells[:at])) + at)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of a character of the source."""
        return self.number + self.raw.count("\n", 0, offset), offset - self.raw.rfind("\n", 0, offset)


def tsv_rows(lines: Iterable[Line]) -> Iterator[Row]:
    r"""Yield the rows of tab-separated lines; quotes are ordinary characters, and empty lines are skipped.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> row = next(tsv_rows([Line(4, "pos\tfine")]))
    >>> row.cells, row.place(1)
    (['pos', 'fine'], (4, 5))
    """
    for line in filter(lambda line: line.text, lines):
        yield Row(line.number, line.text, line.text.split("\t"), line.fault)


def csv_rows(lines: Iterable[Line]) -> Iterator[Row]:
    r"""Yield the rows of comma-separated lines; skip empty lines; bad quoting costs only a row's first line.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> row = next(csv_rows([Line(1, '"a long'), Line(2, 'text",pos')]))
    >>> row.number, row.cells, row.place(1)
    (1, ['a long\ntext', 'pos'], (2, 7))
    """
    source = Replay(lines)
    reader = csv.reader(source, strict=True)
    while True:
        source.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield misquoted(source.taken, error)
            source.put_back_all_but_first()
        else:
            if cells:
                yield joined(source.taken, cells)


class Replay:
    """Lines for the csv module; those of the current row are kept, so that they can be read again."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = iter(lines)
        self.taken: list[Line] = []
        self.ahead: deque[Line] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.ahead.popleft() if self.ahead else next(self.lines)
        self.taken.append(line)
        return line.text + "\n"

    def put_back_all_but_first(self) -> None:
        """Put back all lines of the current row except the first, to be read again."""
        self.ahead.extendleft(reversed(self.taken[1:]))


def joined(taken: list[Line], cells: list[str]) -> Row:
    """Return the row that consists of these lines."""
    raw = "\n".join(line.text for line in taken)
    fault = next((line.fault for line in taken if line.fault), None)
    return Row(taken[0].number, raw, cells, fault, quoted='"' in raw)


def misquoted(taken: list[Line], error: csv.Error) -> Row:
    """Return a row whose fault is at the cell that the csv module could not read."""
    row = joined(taken, [""])
    line, column = row.position(next(GOOD_FIELDS.finditer(row.raw)).end())
    remedy = 'close the quote, double a quote inside a quoted cell (""), or save as TSV'
    return row._replace(fault=taken[0].fault or RowError("bad quoting", f"{error}: {remedy}", line, column))
