"""Reading texts with several labels, or with ratings, from a table or JSON lines."""

from __future__ import annotations

import json
import math
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mt2st.text.fields import DOCUMENT_NAMES, LABEL_NAMES, TEXT_NAMES
from mt2st.text.files import read_lines
from mt2st.text.formats import UNDECIDED, find_format
from mt2st.text.named_fields import Field, read_fields
from mt2st.text.readers.fasttext import read_fasttext_lists
from mt2st.text.reading import refuse_swapped
from mt2st.text.rows import MISSING, RowError, check_text, known_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mt2st.text.fields import Wanted
    from mt2st.text.rows import Cell, Rows

YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
NONE, LISTS = "-", (*LABEL_NAMES, "labels", "tags")
# Labels that can be written in a list with commas without being split or changed.
PLAIN = re.compile(r"(?!\[)[^\s,](?:[^,\t\r\n]*[^\s,])?")


@dataclass(frozen=True, slots=True)
class TargetExample:
    """A text with its targets.

    Attributes
    ----------
    text
        The text as in the file.
    targets
        The labels that apply, or a number for each column, NaN if unknown. None if nothing is known.
    document
        The document that it belongs to; None if the file does not give it.
    """

    text: str
    targets: list[Any] | None
    document: str | None = None


def read_multilabel(
    rows: Rows,
    wanted: Wanted,
    *,
    columns: Sequence[str | int] = (),
    separator: str = ",",
    format: str = "auto",  # noqa: A002
) -> list[TargetExample]:
    """Read multi-label data: a column of 1 and 0 for each label, a column that lists the labels, or fastText's format.

    With a column for each label, an empty cell or ``_`` is an unknown label. As a list, it means that none is known; a
    row without labels has the list ``-``.

    Parameters
    ----------
    rows
        The file's name, and the handling of bad rows.
    wanted
        The columns of text, list and document; None for the usual ones.
    columns
        The columns of the labels, by name or number; empty if one column lists them.
    separator
        The separator of labels in a list.
    format
        "tsv", "csv", "jsonl" or "fasttext"; "auto" goes by the extension.

    Raises
    ------
    DataError
        With ``file:line:column`` for a row that cannot be read; if labels and texts seem to be swapped.
    """
    if columns:
        return read_columns(rows, wanted, columns, read_yes_or_no, format=format)

    def listed(cells: list[Cell]) -> list[str] | None:
        return read_list(cells[0], separator)

    if find_format(rows.path, format) in ("fasttext", UNDECIDED):
        with closing(read_lines(rows.path)) as lines:
            found = [TargetExample(text, own) for text, own in read_fasttext_lists(lines, wanted, rows)]
    else:
        found = _read(rows, wanted, [Field("label", wanted.label, LISTS)], listed, format)
    refuse_swapped({str(each.targets) for each in found}, {each.text for each in found}, rows.path)
    return found


def read_columns(
    rows: Rows,
    wanted: Wanted,
    columns: Sequence[str | int | None],
    read: Callable[[Cell], float],
    *,
    usual: Sequence[str] = (),
    format: str = "auto",  # noqa: A002
) -> list[TargetExample]:
    """Read a number from each of some columns; parameters as in `read_multilabel`, ``usual`` a column's usual names."""

    def numbers(cells: list[Cell]) -> list[float] | None:
        found = list(map(read, cells))
        return None if all(map(math.isnan, found)) else found

    return _read(rows, wanted, [Field("label", column, usual) for column in columns], numbers, format)


def _read(
    rows: Rows,
    wanted: Wanted,
    fields: list[Field],
    read: Callable[[list[Cell]], list[Any] | None],
    format: str,  # noqa: A002
) -> list[TargetExample]:
    def parse(cells: list[Cell]) -> TargetExample:
        *labels, text, document = cells
        return TargetExample(check_text(text), read(labels), document.value)

    text = Field("text", wanted.text, TEXT_NAMES)
    document = Field("document", wanted.document, DOCUMENT_NAMES, optional=True)
    return list(rows.good(read_fields(rows.path, [*fields, text, document], rows, format=format), parse))


def read_yes_or_no(cell: Cell) -> float:
    """Return 1 if a label applies, 0 if it does not, and NaN if that is unknown.

    Examples
    --------
    >>> from mt2st.text.rows import Cell
    >>> [read_yes_or_no(Cell(value, 1)) for value in ("1", "False", None)]
    [1.0, 0.0, nan]
    """
    text = known_label(cell.value)
    if text is None:
        return math.nan
    if text.lower() not in YES + NO:
        message = f"{cell.value!r} does not say whether the label holds: write 1 or 0, or nothing where not known"
        raise RowError("not 1 or 0", message, *cell[1:])
    return float(text.lower() in YES)


def read_list(cell: Cell, separator: str) -> list[str] | None:
    """Return the labels in a JSON list or separated by ``separator``; none for ``-``, None if unknown.

    Examples
    --------
    >>> from mt2st.text.rows import Cell
    >>> [read_list(Cell(value, 1), ",") for value in ("rude, spam", '["rude"]', "-", None)]
    [['rude', 'spam'], ['rude'], [], None]
    """
    text = known_label(cell.value)
    if text is None:
        return None
    labels = [] if text == NONE else text.split(separator)
    if text.startswith("["):
        try:
            labels = [str(label) for label in json.loads(text)]
        except json.JSONDecodeError as error:
            message = f"not a JSON list ({error.msg}): write it as json.dumps does, with double quotes"
            raise RowError("JSON syntax", message, *cell[1:]) from error
    labels = [label.strip() for label in labels]
    if not all(labels):
        raise RowError("empty label", f"an empty label in {text!r}: remove the surplus {separator!r}", *cell[1:])
    return labels


def written_list(labels: Iterable[str]) -> str:
    r"""Return labels as `read_list` reads them: with commas between, or as JSON if that would split or change one.

    Examples
    --------
    >>> [print(written_list(labels)) for labels in (["rude", "spam"], [], ["a, b"], ["two\nlines"])] and None
    rude, spam
    -
    ["a, b"]
    ["two\nlines"]
    """
    names = list(labels)
    return ", ".join(names) or NONE if all(map(_is_plain, names)) else json.dumps(names, ensure_ascii=False)


def _is_plain(label: str) -> bool:
    return label not in (NONE, *MISSING) and PLAIN.fullmatch(label) is not None
