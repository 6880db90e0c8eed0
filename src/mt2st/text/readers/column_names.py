"""The header that some files of columns have, and finding columns by its names."""

from __future__ import annotations

import re
from itertools import chain, dropwhile
from typing import TYPE_CHECKING

from mt2st.errors import DataError, did_you_mean
from mt2st.text.fields import is_name
from mt2st.text.parameters import told
from mt2st.text.readers.blocks import TAB

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from mt2st.text.files import Line

SPACES = re.compile(" +")
TOKEN_NAMES = {"token", "tokens", "word", "words", "form"}
TAG_NAMES = {"tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "pos", "pos_tag", "upos", "xpos"}


def separator_of(line: str) -> re.Pattern[str]:
    """Return the separator of a line's columns."""
    return TAB if "\t" in line else SPACES


def part_header(lines: Iterable[Line], asked: Collection[str] = ()) -> tuple[list[str], Iterator[Line]]:
    """Return the names of the columns, none if the first line is a token's, and the lines after them.

    The first line is a header if its first column has a usual name of tokens and another one of tags, or if it contains
    all names ``asked`` for, ignoring case: a token ``word`` with its own tag is a token.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> part_header([Line(1, "Token NER"), Line(2, "Anna B-PER")])[0], part_header([Line(1, "Token NOUN")])[0]
    (['Token', 'NER'], [])
    """
    rest = dropwhile(lambda line: not line.fault and not line.text.strip(), lines)
    first = next(rest, None)
    if first is None:
        return [], rest
    text = first.text.strip()
    names = [name.strip() for name in separator_of(text).split(text)]
    small = [name.lower() for name in names]
    usual = small[0] in TOKEN_NAMES and not TAG_NAMES.isdisjoint(small)
    if not first.fault and (usual or (asked and {name.lower() for name in asked} <= set(small))):
        return names, rest
    return [], chain([first], rest)


def number_by_name(part: str, column: str | int | None, names: Sequence[str], path: str) -> str | int | None:
    """Return the number of a column that is given by its name in the header."""
    if not is_name(column):
        return column
    known = [name.lower() for name in names]
    if str(column).lower() not in known:
        what = did_you_mean(str(column), names) if names else ": no header, pass a number from 1"
        raise DataError(f"{told(part + '_column')}={column!r} is the name of no column{what}", path=path)
    return known.index(str(column).lower()) + 1
