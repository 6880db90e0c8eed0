"""Blocks of lines separated by blank lines, as in CoNLL files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mt2st.errors import counted
from mt2st.text.rows import RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mt2st.text.files import Line

TAB = re.compile("\t")


def blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines that are not blank.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> [[line.number for line in block] for block in blocks([Line(1, "a"), Line(2, "b"), Line(3, ""), Line(4, "c")])]
    [[1, 2], [4]]
    """
    block: list[Line] = []
    for line in lines:
        if line.fault or line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def raise_fault(block: Iterable[Line]) -> None:
    """Raise the first fault among these lines, since a sentence must be complete."""
    for line in block:
        if line.fault:
            raise line.fault


def check_width(line: Line, cells: list[str], width: int, separator: re.Pattern[str] = TAB) -> None:
    """Raise `RowError` if a token line does not have ``width`` columns, at the first surplus one or the end.

    Empty surplus columns, from separators at the end of a line, are ignored.
    """
    if len(cells) >= width and not any(map(str.strip, cells[width:])):
        return
    surplus = [match.end() for match in separator.finditer(line.text)][width - 1 :]
    column = 1 + (surplus[0] if len(cells) > width else len(line.text))
    message = (
        f"{counted(width, 'column')} expected, {len(cells)} found: give every token as many, _ where one has no value"
    )
    raise RowError("wrong column count", message, line.number, column)
