"""Files of word pairs with human similarity scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from mt2st.errors import ConfigError, DataError, counted
from mt2st.text.files import read_lines

FORM = "a line holds two words and a score"


class WordPair(NamedTuple):
    """Two words and their human similarity score."""

    first: str
    second: str
    score: float


class Field(NamedTuple):
    """A part of a line and its column, from 1."""

    text: str
    column: int


def read_word_pairs(path: str | Path, *, delimiter: str | None = None) -> list[WordPair]:
    r"""Read lines of two words and a score; skip empty lines, ``#`` comments and one line of headings.

    Parameters
    ----------
    path
        A file, plain, ``.gz`` or ``.xz``.
    delimiter
        The character between the parts, which may be in quotation marks. None: in each line the tab, or else the comma,
        or else any white space.

    Raises
    ------
    DataError
        If a line does not have three parts, or the third is not a finite number, or there are no pairs.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.tsv")
    ...     _ = path.write_text("# two pairs\nword 1\tword 2\tmean\ntiger\tcat\t7.35\nice cream,snow,3\n")
    ...     read_word_pairs(path)
    [WordPair(first='tiger', second='cat', score=7.35), WordPair(first='ice cream', second='snow', score=3.0)]
    """
    if delimiter is not None and len(delimiter) != 1:
        raise ConfigError(f"delimiter is one character or None, {delimiter!r} found: use '\\t', ',' or ' '")
    pairs: list[WordPair] = []
    headings = True
    for number, fields in _content(path, delimiter):
        if len(fields) != len(WordPair._fields):
            message = f"{FORM}, {counted(len(fields), 'part')} found: {_remedy(len(fields), delimiter)}"
            raise DataError(message, path=path, line=number)
        if not (headings and _is_heading(fields[2].text)):
            pairs.append(WordPair(fields[0].text, fields[1].text, _score(fields[2], path, number)))
        headings = False
    if not pairs:
        raise DataError(f"there is no word pair in the file: {FORM}", path=path)
    return pairs


def _content(path: str | Path, delimiter: str | None) -> Iterator[tuple[int, list[Field]]]:
    for line in read_lines(str(path)):
        if line.fault:
            raise line.fault.at(str(path))
        if line.text.strip() and not line.text.startswith("#"):
            yield line.number, _split(line.text, delimiter)


def _split(text: str, delimiter: str | None) -> list[Field]:
    mark = delimiter or next((mark for mark in "\t," if mark in text), " ")
    between = r"\s" if mark == " " else re.escape(mark)
    # Parts are stripped of white space, so that words may contain spaces between tabs or commas.
    part = rf'(?=\S)(?:"([^"]*)"(?=\s*(?:[{between}]|$))|[^{between}]+)'
    return [Field((match[1] or match[0]).strip(), match.start() + 1) for match in re.finditer(part, text)]


def _remedy(parts: int, delimiter: str | None) -> str:
    if parts > len(WordPair._fields):
        return "remove the other columns, e.g. by cut -f1,2,4, or put tabs between words that hold spaces"
    if delimiter is not None:
        return f"separate them by {delimiter!r}, or name another delimiter, None to detect it"
    return "separate them by tabs, commas or spaces, and write decimals with a point"


def _is_heading(text: str) -> bool:
    """Return whether text in the place of the first score is no number, such as SimLex999, nor one that is misspelt."""
    return _number(text) is None and (text[:1].isalpha() or not re.search(r"\d", text))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _score(field: Field, path: str | Path, number: int) -> float:
    score = _number(field.text)
    if score is None or not isfinite(score):
        remedy = "write the decimals after a point" if "," in field.text else "correct it"
        message = f"the score must be a finite number, {field.text!r} found: {remedy}"
        raise DataError(message, path=path, line=number, column=field.column)
    return score
