"""Rated sentences: one sentence a line with its mean human rating."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mt2st.errors import DataError

_LOWEST, _HIGHEST = -4.0, 4.0
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_ID = re.compile(r"(\d+)(?:_\d+)?")


@dataclass(frozen=True, slots=True)
class RatedSentence:
    """A sentence and the mean of its human ratings.

    Parameters
    ----------
    document
        The number of the document that the sentence is from. Sentences of one document are alike, so a split into
        training and test data must keep them together.
    rating
        Mean rating, from -4 (most negative) to 4 (most positive).
    text
        The sentence as the file has it.
    line
        The line of the file, from 1.
    """

    document: str
    rating: float
    text: str
    line: int


def parse_rated(data: bytes, *, path: object) -> list[RatedSentence]:
    r"""Parse lines of ``id<TAB>rating<TAB>sentence``.

    An id is ``document_sentence``, or a number alone where each sentence is a document of its own.

    Parameters
    ----------
    data
        UTF-8; lines end in CRLF or LF.
    path
        What to call the file in errors.

    Raises
    ------
    DataError
        With file, line and column, where a line breaks the format.

    Examples
    --------
    >>> parse_rated(b"3_1\t-0.9\tno picture.\r\n3_2\t1\tgood sound.", path="a.txt")[1]
    RatedSentence(document='3', rating=1.0, text='good sound.', line=2)
    """
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    seen: dict[str, int] = {}
    return [_parse_line(_decode(raw, path, number), path, number, seen) for number, raw in enumerate(lines, start=1)]


def _decode(raw: bytes, path: object, line: int) -> str:
    try:
        return raw.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode("utf-8")) + 1
        raise DataError("the line is not UTF-8: save the file as UTF-8", path=path, line=line, column=column) from error


def _parse_line(text: str, path: object, line: int, seen: dict[str, int]) -> RatedSentence:
    fields = text.split("\t")
    if len(fields) != 3:
        rule = f"a line is id, rating and sentence with tabs between, found {len(fields)} of 3 fields"
        raise DataError(rule, path=path, line=line)
    name, rating, sentence = fields
    document = _document(name, path, line, seen)
    value = _rating(rating, path, line, column=len(name) + 2)
    if not sentence.strip():
        raise DataError("the sentence is empty", path=path, line=line, column=len(name) + len(rating) + 3)
    return RatedSentence(document, value, sentence, line)


def _document(name: str, path: object, line: int, seen: dict[str, int]) -> str:
    found = _ID.fullmatch(name)
    if found is None:
        raise DataError(f"an id is a number or number_number, found {name!r}", path=path, line=line, column=1)
    if (first := seen.setdefault(name, line)) != line:
        raise DataError(f"the id {name} was used on line {first} already", path=path, line=line, column=1)
    return found[1]


def _rating(text: str, path: object, line: int, *, column: int) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else None
    if value is None or not _LOWEST <= value <= _HIGHEST:
        raise DataError(f"a rating is a number from -4 to 4, found {text!r}", path=path, line=line, column=column)
    return value
