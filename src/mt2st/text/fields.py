"""Finding the columns, keys or comments of the text, the label and the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mt2st.errors import DataError, counted, did_you_mean, listed
from mt2st.text.parameters import asked, told

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TEXT_NAMES = ("text", "sentence", "review", "content", "tweet", "body")
LABEL_NAMES = ("label", "class", "category", "sentiment", "target", "y")
DOCUMENT_NAMES = ("document", "doc", "review_id", "group")


class Wanted(NamedTuple):
    """The requested columns: a name, a number from 1 (or its digits, if no name), or None for the usual one."""

    text: str | int | None = None
    label: str | int | None = None
    document: str | int | None = None


class Fields(NamedTuple):
    """The indices of the columns found."""

    text: int
    label: int | None
    document: int | None


def pick_named(names: Sequence[str], wanted: Wanted) -> Fields:
    """Return the indices of the wanted, or else the usual, columns; label and document may be missing.

    Raises
    ------
    DataError
        If a requested column is missing, there is no text column, or several columns could be meant.

    Examples
    --------
    >>> pick_named(["Sentiment", "text"], Wanted())
    Fields(text=1, label=0, document=None)
    """
    found = pick_given(names, wanted)
    for part, usual in zip(Wanted._fields, (TEXT_NAMES, LABEL_NAMES, DOCUMENT_NAMES), strict=True):
        if found[part] is None:
            found[part] = find_usual(names, usual, part, found.values())
    if found["text"] is None:
        raise DataError(
            f"the text is in none of {listed(names) or 'no names'} by its name: pass {asked('text_column')}"
        )
    return Fields(found["text"], found["label"], found["document"])


def pick_numbered(width: int, wanted: Wanted) -> Fields:
    """Return the columns of a table without a header: one is the text, two are label and text.

    Examples
    --------
    >>> pick_numbered(2, Wanted())
    Fields(text=1, label=0, document=None)
    >>> pick_numbered(3, Wanted(label=3, document=1))
    Fields(text=1, label=2, document=0)
    """
    given = pick_given([""] * width, wanted)
    text, label, document = (given[part] for part in Wanted._fields)
    free = [at for at in range(width) if at not in given.values()]
    if text is None:
        if len(free) != 1 and width != 2:
            both = f"{asked('text_column')} and {asked('label_column')}"
            raise DataError(f"{counted(width, 'column')} and no header: pass {both}, or name the columns")
        text = free.pop()
    if width == 2 and label is None and free:
        label = free.pop()
    return Fields(text, label, document)


def pick_given(names: Sequence[str], wanted: Wanted) -> dict[str, int | None]:
    """Return the indices of the requested columns, None for one not requested."""
    found = {
        part: None if column is None else find_given(column, names, part) for part, column in wanted._asdict().items()
    }
    given = [at for at in found.values() if at is not None]
    if len(set(given)) < len(given):
        one, other, third = map(told, ("text_column", "label_column", "document_column"))
        raise DataError(f"two of {one}, {other} and {third} are the same: pass different columns")
    return found


def find_given(column: str | int, names: Sequence[str], part: str) -> int:
    """Return the index of the column of this name (ignoring case), else of this number."""
    exact = [at for at, name in enumerate(names) if name.strip() == column]
    if is_number(column) and not exact:
        if 1 <= int(column) <= len(names):
            return int(column) - 1
        raise DataError(f"{told(part + '_column')}={column!r} is outside 1 to {len(names)}: columns count from 1")
    found = exact or [at for at, name in enumerate(names) if name.strip().lower() == str(column).lower()]
    if not found:
        raise DataError(
            f"{told(part + '_column')}={column!r} is not one of the names{did_you_mean(str(column), names)}"
        )
    if len(found) > 1:
        raise DataError(
            f"{told(part + '_column')}={column!r} names {len(found)} columns: rename one, or pass its number"
        )
    return found[0]


def find_usual(names: Sequence[str], usual: Collection[str], part: str, taken: Collection[int | None]) -> int | None:
    """Return the index of the only name that is among the usual ones, or None if there is none."""
    found = [at for at, name in enumerate(names) if name.strip().lower() in usual and at not in taken]
    if len(found) > 1:
        several = " and ".join(repr(names[at]) for at in found)
        raise DataError(f"{several} could each be the {part}: pass {asked(part + '_column')}")
    return found[0] if found else None


def is_number(column: str | int | None) -> bool:
    """Return whether a column is given by its number, as an int or (from a command line) in digits."""
    return isinstance(column, int) or (isinstance(column, str) and column.isdecimal())


def is_name(column: str | int | None) -> bool:
    """Return whether a column is given by its name."""
    return isinstance(column, str) and not is_number(column)


def refuse_columns(wanted: Wanted, format_name: str, allowed: Collection[str] = ()) -> None:
    """Raise `DataError` for requested columns that a format does not have, instead of ignoring them."""
    for part, column in wanted._asdict().items():
        if column is not None and part not in allowed:
            raise DataError(
                f"{told(part + '_column')}={column!r}: the {format_name} format has no such column; leave it out"
            )
