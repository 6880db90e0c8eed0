"""Several fields of each row of a table or of JSON lines, found by name or number."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from mt2st.errors import DataError, counted, listed
from mt2st.text.fields import find_given, find_usual, is_name, is_number
from mt2st.text.files import read_lines
from mt2st.text.formats import find_format
from mt2st.text.parameters import asked
from mt2st.text.readers.jsonlines import UNWRITABLE, parse_object, value_columns
from mt2st.text.readers.records import csv_rows, tsv_rows
from mt2st.text.readers.table import cell, check_row
from mt2st.text.rows import Cell, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mt2st.text.files import Line
    from mt2st.text.readers.records import Row
    from mt2st.text.rows import Rows

    Column = str | int | None
FORMATS = ("tsv", "csv", "jsonl")


class Field(NamedTuple):
    """A requested field.

    Attributes
    ----------
    part
        Its role, as in the setting ``<part>_column``.
    column
        Its name or number from 1; None takes the usual one.
    usual
        Its usual names, in lower case.
    optional
        Whether it may be missing, with the value None; optional fields come last.
    """

    part: str
    column: str | int | None
    usual: Sequence[str] = ()
    optional: bool = False


def read_fields(path: str, fields: Sequence[Field], rows: Rows, *, format: str = "auto") -> Iterator[list[Cell]]:  # noqa: A002
    """Yield the cells of each valid row, in the order of ``fields``; an empty one, or JSON's null, is None.

    The first row of a table is a header if a field is requested by name, or if it contains a usual name of a text. A
    table without header has its columns in the order of ``fields``, or by their numbers.

    Raises
    ------
    DataError
        If a field is missing, or a row cannot be read; it names ``file:line:column`` and the remedy.
    """
    name = find_format(path, format)
    if name not in FORMATS:
        raise DataError(
            f"a table or JSON lines are needed, {name} found: pass {asked('format')} ({', '.join(FORMATS)})", path=path
        )
    with closing(read_lines(path)) as lines:
        if name == "jsonl":
            yield from _objects(lines, fields, rows)
        else:
            yield from _table((tsv_rows if name == "tsv" else csv_rows)(lines), fields, rows)


def find_fields(names: Sequence[str], fields: Sequence[Field]) -> list[int | None]:
    """Return the index of each field among the columns' names, None for a missing optional one.

    Raises
    ------
    DataError
        If one is missing, or two are the same.

    Examples
    --------
    >>> find_fields(["id", "Stars", "text"], [Field("label", None, ("stars",)), Field("text", "text")])
    [1, 2]
    """
    found: list[int | None] = [None if f.column is None else find_given(f.column, names, f.part) for f in fields]
    for at, field in enumerate(fields):
        if found[at] is None:
            found[at] = find_usual(names, field.usual, field.part, found)
        if found[at] is None and not field.optional:
            known = listed(names) or "no names"
            usual = f" (usual names are {', '.join(field.usual)})" if field.usual else ""
            raise DataError(
                f"the {field.part} is in none of {known} by its name{usual}: pass {asked(field.part + '_column')}"
            )
    places = [at for at in found if at is not None]
    if len(set(places)) < len(places):
        raise DataError(f"two of {', '.join(field.part for field in fields)} are the same column: pass different ones")
    return found


def _table(records: Iterator[Row], fields: Sequence[Field], rows: Rows) -> Iterator[list[Cell]]:
    first = next(records, None)
    if first is None:
        raise DataError("there are only blank lines: correct the file", path=rows.path)
    named = _names_columns(first.cells, fields)
    try:
        if named and first.fault:
            raise DataError(first.fault.message)
        places = find_fields(first.cells, fields) if named else _in_order(len(first.cells), fields)
    except DataError as error:
        raise DataError(str(error), path=rows.path, line=first.number, column=1) from error

    def parse(row: Row) -> list[Cell]:
        check_row(row, len(first.cells))
        cells = [Cell(None, row.number) if at is None else cell(row, at) for at in places]
        return [each._replace(value=each.value or None) for each in cells]

    yield from rows.good(records if named else chain([first], records), parse)


def _names_columns(cells: Sequence[str], fields: Sequence[Field]) -> bool:
    texts = {name for field in fields if field.part != "label" and not field.optional for name in field.usual}
    return any(name.strip().lower() in texts for name in cells) or any(is_name(field.column) for field in fields)


def _in_order(width: int, fields: Sequence[Field]) -> list[int | None]:
    needed = [field for field in fields if not field.optional]
    if all(field.column is None for field in fields) and width == len(needed):
        return [*range(width), *[None] * (len(fields) - width)]
    missing = [field.part for field in needed if field.column is None]
    if missing:
        wanted = ", ".join(asked(f"{part}_column") for part in missing)
        raise DataError(f"{counted(width, 'column')} and no header: pass {wanted} by number, or name the columns")
    return find_fields([""] * width, fields)


def _objects(lines: Iterable[Line], fields: Sequence[Field], rows: Rows) -> Iterator[list[Cell]]:
    numbers = {field.column for field in fields if is_number(field.column)}

    def parse(line: Line) -> list[Cell]:
        record = parse_object(line)
        names = list(record)
        if not numbers <= record.keys():
            raise DataError("the keys of JSON lines are names, not numbers: pass a name", path=rows.path)
        try:
            keys = [None if at is None else names[at] for at in find_fields(names, fields)]
        except DataError as error:
            raise RowError("missing key", f"{error}, or add the key", line.number) from error
        columns = value_columns(line.text)
        return [
            Cell(None, line.number) if key is None else _value(record[key], key, Cell(None, line.number, columns[key]))
            for key in keys
        ]

    yield from rows.good((line for line in lines if line.fault or line.text.strip()), parse)


def _value(value: object, key: str, place: Cell) -> Cell:
    """Return a value as a string; a number, truth value or list as its JSON."""
    if value is None or isinstance(value, str):
        if value and UNWRITABLE.search(value):
            message = f"{key!r} holds a NUL or half a surrogate pair, which is not text: remove the escape"
            raise RowError("NUL byte", message, *place[1:])
        return place._replace(value=value or None)
    if isinstance(value, bool | int | float | list):
        return place._replace(value=json.dumps(value, ensure_ascii=False))
    message = (
        f"{key!r} must be a string, a number, true, false, null or a list, {type(value).__name__} found: convert it"
    )
    raise RowError("wrong type", message, *place[1:])
