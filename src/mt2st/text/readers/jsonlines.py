"""JSON lines: one object per line, its keys named like the columns of a table."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mt2st.errors import DataError
from mt2st.text.fields import Wanted, is_number, pick_named
from mt2st.text.parameters import asked, told
from mt2st.text.rows import Cell, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.examples import Example
    from mt2st.text.files import Line
    from mt2st.text.rows import Rows

DECODER = json.JSONDecoder()
BEFORE_KEY = re.compile(r"\s*[{,]\s*")
BEFORE_VALUE = re.compile(r"\s*:\s*")
# Characters that JSON escapes can encode but UTF-8 text cannot contain.
UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def read_jsonlines(lines: Iterable[Line], wanted: Wanted, rows: Rows) -> Iterator[Example]:
    """Return the examples of JSON lines; blank lines are skipped.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> from mt2st.text.rows import Rows
    >>> [example] = read_jsonlines([Line(1, '{"text": "a fine film", "label": 1}')], Wanted(), Rows("a.jsonl"))
    >>> example.label, example.text
    ('1', 'a fine film')
    """
    if any(map(is_number, wanted)):
        raise DataError(
            f"the keys of JSON lines are names, not numbers: pass a name, e.g. {told('text_column')}='text'"
        )
    label_keys: list[str | None] = []

    def parse(line: Line) -> Example:
        record = parse_object(line)
        keys = find_keys(record, wanted, line)
        label_keys.append(keys[1]) if not label_keys else check_same_label(keys[1], label_keys[0], line)
        text, label, document = cells(record, keys, line)
        return rows.example(text or Cell(None, line.number), label, document and document.value)

    return rows.good((line for line in lines if line.fault or line.text.strip()), parse)


def parse_object(line: Line) -> dict[str, Any]:
    """Return the object that a line holds."""
    if line.fault:
        raise line.fault
    try:
        record = json.loads(line.text)
    except json.JSONDecodeError as error:
        message = (
            f"not JSON ({error.msg}): write one object a line, with every quote and backslash inside a text escaped"
        )
        raise RowError("JSON syntax", message, line.number, error.pos + 1) from error
    except (RecursionError, ValueError) as error:
        raise RowError("JSON syntax", f"JSON that cannot be read ({error}): simplify it", line.number) from error
    if not isinstance(record, dict):
        message = f'an object is expected, {type(record).__name__} found: write {{"text": ..., "label": ...}}'
        raise RowError("not an object", message, line.number)
    return record


def find_keys(record: dict[str, Any], wanted: Wanted, line: Line) -> list[str | None]:
    """Return the keys of text, label and document in this object."""
    names = list(record)
    try:
        return [None if at is None else names[at] for at in pick_named(names, wanted)]
    except DataError as error:
        lists = any(isinstance(value, list) for value in record.values())
        tagging = f"; lists of tokens and tags are read by the kind tagging ({asked('kind')})" if lists else ""
        raise RowError("missing key", f"{error}, or add the key{tagging}", line.number) from error


def check_same_label(key: str | None, first: str | None, line: Line) -> None:
    """Raise `RowError` if an object's label key is not that of the first object."""
    if key != first:
        message = (
            f"the label's key is {key!r} here but {first!r} in the first object (None: no label): label all alike, "
            "with null where it is not known"
        )
        raise RowError("missing label", message, line.number)


def cells(record: dict[str, Any], keys: list[str | None], line: Line) -> list[Cell | None]:
    """Return the values of these keys as strings, each with its position."""
    columns = value_columns(line.text)
    found: list[Cell | None] = []
    for key in keys:
        place = Cell(None, line.number, columns.get(key or "", 1))
        value = None if key is None else as_string(record[key], key, place, is_text=key == keys[0])
        found.append(None if key is None else place._replace(value=value))
    return found


def as_string(value: object, key: str, place: Cell, *, is_text: bool) -> str | None:
    """Return a value as it is written in the file; only a label or a document may be other than a string."""
    if value is None or isinstance(value, str):
        check_writable(value or "", key, place)
        return value
    if isinstance(value, bool | int) and not is_text:
        return json.dumps(value)
    kinds = "a string" if is_text else "a string, a whole number, true or false"
    several = isinstance(value, list) and not is_text
    remedy = "several labels per text are read by the kind 'multilabel'" if several else "convert it"
    message = f"{key!r} must be {kinds}, {type(value).__name__} found: {remedy}"
    raise RowError("wrong type", message, *place[1:])


def check_writable(value: str, key: str, place: Cell) -> None:
    """Raise `RowError` for a value that cannot be written as UTF-8 text."""
    if UNWRITABLE.search(value):
        message = f"{key!r} holds a NUL or half a surrogate pair, which is not text: remove the escape"
        raise RowError("NUL byte", message, *place[1:])


def value_columns(source: str) -> dict[str, int]:
    """Return the column at which the value of each key starts.

    Examples
    --------
    >>> value_columns('{"text": "a", "label":true}')
    {'text': 10, 'label': 23}
    """
    columns: dict[str, int] = {}
    before = BEFORE_KEY.match(source)
    while before:
        key, at = DECODER.raw_decode(source, before.end())
        start = next(BEFORE_VALUE.finditer(source, at)).end()
        columns[key] = start + 1
        before = BEFORE_KEY.match(source, DECODER.raw_decode(source, start)[1])
    return columns
