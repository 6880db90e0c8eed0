"""Lines ``word v1 v2 ...``, which word2vec's, GloVe's and fastText's text formats share."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.formats.rows import Rows, check_words
from mt2st.embeddings.formats.source import Source
from mt2st.embeddings.kernels.decimals import LONGEST
from mt2st.embeddings.kernels.vector_files import (
    AT_LINE,
    COLUMN,
    DONE,
    POSITION,
    ROW,
    SPACED_WORD,
    TOO_FEW,
    WORDS,
    format_rows,
    parse_rows,
)
from mt2st.embeddings.utf8 import join_utf8
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError, counted

# What programs write for NaN and infinity: counted as values, but refused.
NOT_FINITE = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
ROWS_AT_ONCE = 4096


def nearest_float32(digits: str) -> float:
    """Return the float32 nearest to a decimal number, ties to even; infinity if it is too large.

    Examples
    --------
    >>> nearest_float32("0.1"), nearest_float32("1e39")
    (0.10000000149011612, inf)
    """
    near = float(digits)
    with np.errstate(over="ignore"):
        low, high = (float(np.float32(math.nextafter(near, end))) for end in (-math.inf, math.inf))
        if near == (low + high) / 2 and low != high and Decimal(digits) != Decimal(near):
            # The float64 lies midway between two float32s and the digits do not.
            return high if Decimal(digits) > Decimal(near) else low
        return float(np.float32(near))


def count_numbers(line: bytes) -> int:
    r"""Return the number of numbers at the end of a line, after its first field, ``nan`` and ``inf`` included.

    Examples
    --------
    >>> count_numbers(b". . 0.1 -2e-3\n"), count_numbers(b"7 0.1 0.2 "), count_numbers(b"the 0.1 nan 2")
    (2, 2, 3)
    """
    found = 0
    for field in reversed(line.rstrip(b" \r\n").split(b" ")[1:]):
        if not NUMBER.fullmatch(field) and not NOT_FINITE.fullmatch(field):
            break
        found += 1
    return found


class TextReader:
    """Reads lines into rows.

    Parameters
    ----------
    rows
        The rows to fill.
    line
        Number of lines of the file before these.
    """

    def __init__(self, rows: Rows, line: int = 0) -> None:
        self.rows, self.line = rows, line

    def read(self, source: Source, first: bytes = b"") -> bool:
        """Read lines, ``first`` and then the source's, until the rows are full; return whether lines are left."""
        for text in chain([bytearray(first)] if first else [], source.whole_lines()):
            if self.rows.full or self._take(text) < len(text):
                return True
        return False

    def _take(self, text: bytearray) -> int:
        """Add the lines of a text that ends in a newline, and return the end of the last one added."""
        if 2 * self.rows.size > len(text):  # too short for one row: allocate nothing
            raise self._too_few(bytes(text), 0, 0)
        self.rows.make_room(min(text.count(b"\n"), len(text) // (2 * self.rows.size)))
        data, words = np.frombuffer(text, np.uint8), np.empty(len(text), np.uint8)
        start = len(self.rows.words)
        state = np.array([0, start, AT_LINE, 0], np.int64)
        while (status := parse_rows(data, state, self.rows.values, words)) != DONE:
            number = int(state[ROW]) - start
            if status == TOO_FEW:
                raise self._too_few(bytes(text), int(state[POSITION]), number)
            if status == SPACED_WORD:
                self._check_spaced(words[: state[WORDS] - 1].tobytes(), number)
            else:
                self._put_number(text, state, number)
        entries = words[: state[WORDS]].tobytes().split(b"\n")[:-1]
        self.rows.add_words(entries)
        self.line += len(entries)
        return int(state[POSITION])

    def _put_number(self, text: bytearray, state: NDArray[np.int64], number: int) -> None:
        """Read the number that the kernel could not."""
        at, column = int(state[POSITION]), int(state[COLUMN])
        field = re.compile(rb"[^ \r\n]*").match(text, at)
        digits = field.group() if field else b""
        value = nearest_float32(digits.decode()) if NUMBER.fullmatch(digits) else math.nan
        if not math.isfinite(value):
            start = text.rfind(b"\n", 0, at) + 1
            place = len(text[start:at].decode("utf-8", "replace")) + 1
            shown = digits.decode("utf-8", "replace")[:40]
            message = f"a finite number within float32 is expected, {shown!r} found: write the file again"
            raise self._fault(message, number, place)
        self.rows.values[state[ROW], column] = value
        at += len(digits)
        last = column + 1 == self.rows.size
        state[POSITION] = text.index(b"\n", at) + 1 if last else at + 1
        state[COLUMN] = AT_LINE if last else column + 1
        state[ROW] += last

    def _check_spaced(self, words: bytes, number: int) -> None:
        """Raise `DataError` if a word ends in a space and a number: that is an extra value."""
        word = words.rsplit(b"\n", 1)[-1]
        if NUMBER.fullmatch(word.rsplit(b" ", 1)[-1]):
            raise self._fault(f"more than {counted(self.rows.size, 'value')}: every row must have as many", number)

    def _too_few(self, text: bytes, at: int, number: int) -> DataError:
        line = text[at : text.find(b"\n", at)]
        if not line.strip():
            return self._fault("the line is empty: remove it", number)
        found = line.rstrip(b" \r").count(b" ")
        return self._fault(
            f"expected are {counted(self.rows.size, 'value')}, found {found}: the file may be cut short", number
        )

    def _fault(self, message: str, number: int, column: int | None = None) -> DataError:
        return DataError(message, path=self.rows.path, line=self.line + number + 1, column=column)


def write_text(file: BinaryIO, vectors: WordVectors, path: Path) -> None:
    """Write a line per word, with the fewest digits that round to the same float32."""
    check_text_words(vectors.index_to_key, path)
    table = vectors.vectors
    for start in range(0, len(table), ROWS_AT_ONCE):
        words, places = join_utf8(vectors.index_to_key[start : start + ROWS_AT_ONCE])
        values = np.ascontiguousarray(table[start : start + ROWS_AT_ONCE], np.float32)
        out = np.empty(len(words) + len(values) * (1 + values.shape[1] * LONGEST), np.uint8)
        file.write(out[: format_rows(words, places, values, out)].data)


def check_text_words(words: list[str], path: Path) -> None:
    """Raise `DataError` if a reader of the text would split a word."""
    check_words(words, path, "\n")
    for word in words:
        if " " in word and NUMBER.fullmatch(word.rsplit(" ", 1)[-1].encode()):
            message = f"the word {word!r} ends in a number after a space, as values do: save as .safetensors"
            raise DataError(message, path=path)
