"""Handling of bad rows: a reader raises RowError, and `Rows` turns it into an error or a count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mt2st.errors import DataError, did_you_mean
from mt2st.text.examples import Example
from mt2st.text.parameters import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Record = TypeVar("Record")
Parsed = TypeVar("Parsed")
FIRST_SKIPPED = 5
# Values that mean an unknown label.
MISSING = ("", "_")


class RowError(Exception):
    """An error in one row.

    Parameters
    ----------
    reason
        A few words, the same for all rows with this fault: the key under which skipped rows are counted.
    message
        The rule, the value found and the fix.
    line, column
        Its position, from 1.
    """

    def __init__(self, reason: str, message: str, line: int, column: int = 1) -> None:
        super().__init__(reason, message, line, column)
        self.reason, self.message, self.line, self.column = reason, message, line, column

    def at(self, path: str) -> DataError:
        """Return the error to show for a row of the file ``path``."""
        return DataError(self.message, path=path, line=self.line, column=self.column)


class Cell(NamedTuple):
    """A value and its position in the file; the value is None if a label is missing."""

    value: str | None
    line: int
    column: int = 1


@dataclass
class Rows:
    """The rules for rows of every format, and the handling of rows that violate one.

    Parameters
    ----------
    path
        The file, for messages.
    skip
        False: the first bad row is an error. True: bad rows are counted and skipped.
    require_labels
        Whether a row without a label is bad even if the file has no labels.
    labels
        The labels allowed; None allows any.
    keep_unlabelled
        Whether a row with an unknown label, see `known_label`, is an example without one instead of a bad row.

    Examples
    --------
    >>> rows = Rows("reviews.tsv", skip=True)
    >>> def parse(cell):
    ...     return rows.example(cell, None)
    >>> [example.text for example in rows.good([Cell("fine", 1), Cell(" ", 2)], parse)]
    ['fine']
    >>> rows.skipped
    {'empty text': 1}
    """

    path: str
    skip: bool = False
    require_labels: bool = False
    labels: frozenset[str] | None = None
    keep_unlabelled: bool = False
    skipped: dict[str, int] = field(default_factory=dict)
    first_skipped: list[str] = field(default_factory=list)

    def good(self, records: Iterable[Record], parse: Callable[[Record], Parsed]) -> Iterator[Parsed]:
        """Yield the parsed good records."""
        for record in records:
            try:
                example = parse(record)
            except RowError as fault:
                self.bad(fault)
            else:
                yield example

    def bad(self, fault: RowError) -> None:
        """Raise the fault as a `DataError`, or count it."""
        error = fault.at(self.path)
        if not self.skip:
            raise error from fault
        self.skipped[fault.reason] = self.skipped.get(fault.reason, 0) + 1
        if len(self.first_skipped) < FIRST_SKIPPED:
            self.first_skipped.append(str(error))

    def example(self, text: Cell, label: Cell | None, document: str | None = None, line: int = 0) -> Example:
        """Return the example of these cells; ``label`` is None if the file has no column of labels.

        Parameters
        ----------
        text, label, document
            The record's values.
        line
            The line on which the record starts; 0, the default, means that of the text.

        Raises
        ------
        RowError
            If the text is empty, or the label missing or not allowed.
        """
        words, start, document = check_text(text), line or text.line, document or None
        if label is None:
            self._check_unlabelled(text)
            return Example(words, None, document, start)
        column = label.column if label.line == start else None
        return Example(words, self._check_label(label), document, start, column)

    def _check_unlabelled(self, text: Cell) -> None:
        if self.require_labels:
            message = f"labels are required and this row has no place for one: {how_to_label()}"
            raise RowError("missing label", message, text.line)

    def _check_label(self, label: Cell) -> str | None:
        value = (label.value or "").strip()
        if self.labels is not None and value in self.labels:
            return value
        if known_label(value) is None:
            if self.keep_unlabelled:
                return None
            what = f"the label {value!r} stands for one that is not known" if value else "the label is empty"
            raise RowError("missing label", f"{what}: fill it in, or remove the row", *label[1:])
        if self.labels is not None:
            message = f"the label {value!r} is not a known one{did_you_mean(value, sorted(self.labels))}"
            raise RowError("unknown label", f"{message}; correct it, or add it to labels=", *label[1:])
        return value


def how_to_label() -> str:
    """Return the remedy for a file without a place for labels, or whose place is not found."""
    several = "a column that lists several labels per text is read by the kind 'multilabel'"
    return f"name it with {asked('label_column')}, or label the file; {several}"


def known_label(value: str | None) -> str | None:
    """Return a label, stripped, or None for an unknown one: empty, ``_``, or JSON's null.

    Examples
    --------
    >>> [known_label(value) for value in (" 4.5", "", "_", None)]
    ['4.5', None, None, None]
    """
    label = (value or "").strip()
    return None if label in MISSING else label


def check_text(text: Cell) -> str:
    """Return the cell's text; an empty one is a `RowError`."""
    if not text.value or text.value.isspace():
        raise RowError("empty text", "the text is empty: fill it in, or remove the row", *text[1:])
    return text.value
