"""Lines and records of vector files, in plain loops over bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.decimals import HARD, NEWLINE, RETURN, SPACE, read_number, write_number
from mt2st.native import Floats, Places, kernel

Bytes = NDArray[np.uint8]

# Why a kernel stopped: the end, a line with too few values, or a number or word for the caller to check.
DONE, TOO_FEW, HARD_NUMBER, SPACED_WORD = 0, 1, 2, 3
# Its position: byte, row, column (AT_LINE before a line's word), end of the words written.
POSITION, ROW, COLUMN, WORDS = 0, 1, 2, 3
AT_LINE = -1


@kernel("int64(uint8[::1], int64)", inline="always")
def line_end(text: Bytes, at: int) -> int:
    """Return the end of the line at ``at``; there must be a newline."""
    while text[at] != NEWLINE:
        at += 1
    return at


@kernel("int64(uint8[::1], int64, int64, int64)", inline="always")
def word_end(text: Bytes, start: int, end: int, size: int) -> int:
    """Return the end of a line's word: before the last ``size`` spaces, without trailing ones, or HARD."""
    while end > start and (text[end - 1] == SPACE or text[end - 1] == RETURN):
        end -= 1
    left = size
    while end > start and left > 0:
        end -= 1
        left -= text[end] == SPACE
    return HARD if left > 0 else end


@kernel("boolean(uint8[::1], int64, int64, uint8[::1], int64)", inline="always")
def copy_word(text: Bytes, start: int, end: int, words: Bytes, place: int) -> bool:
    """Copy a word, followed by a newline; return whether the word contains a space."""
    spaced = False
    for i in range(start, end):
        words[place + i - start] = text[i]
        spaced |= text[i] == SPACE
    words[place + end - start] = NEWLINE
    return spaced


@kernel("int64(uint8[::1], int64[::1], float32[:,::1], uint8[::1])")
def parse_rows(text: Bytes, state: Places, values: Floats, words: Bytes) -> int:
    """Read lines ``word v1 v2 ...`` until the text or the rows end, or a check is needed; return why it stopped.

    The text must end in a newline. ``state`` is advanced, so that the caller can check what stopped it, set a number,
    and call again.
    """
    size = values.shape[1]
    while state[POSITION] < text.shape[0] and state[ROW] < values.shape[0]:
        if state[COLUMN] == AT_LINE:
            start = state[POSITION]
            end = word_end(text, start, line_end(text, start), size)
            if end == HARD:
                return TOO_FEW
            spaced = copy_word(text, start, end, words, state[WORDS])
            state[WORDS] += end - start + 1
            state[POSITION] = end + 1
            state[COLUMN] = 0
            if spaced:
                return SPACED_WORD
        row, at = values[state[ROW]], state[POSITION]
        for column in range(state[COLUMN], size):
            found = read_number(text, at, row, column)
            if found == HARD:
                state[POSITION], state[COLUMN] = at, column
                return HARD_NUMBER
            at = found + 1
        state[POSITION] = line_end(text, at - 1) + 1
        state[COLUMN] = AT_LINE
        state[ROW] += 1
    return DONE


@kernel("int64(uint8[::1], int64[::1], float32[:,::1], uint8[::1])")
def format_rows(words: Bytes, places: Places, values: Floats, out: Bytes) -> int:
    """Write lines ``word v1 v2 ...`` and return their length; the values must be finite."""
    at = 0
    for row in range(values.shape[0]):
        for i in range(places[row], places[row + 1]):
            out[at] = words[i]
            at += 1
        for column in range(values.shape[1]):
            out[at] = SPACE
            at = write_number(values[row, column], out, at + 1)
        out[at] = NEWLINE
        at += 1
    return at


@kernel("void(uint8[::1], int64[::1], uint8[:,::1], uint8[::1], int64[::1])")
def parse_records(text: Bytes, state: Places, values: Bytes, words: Bytes, starts: Places) -> None:
    """Read complete records ``word value-bytes``, with or without newlines; write the start of each's values."""
    size = values.shape[1]
    while state[ROW] < values.shape[0]:
        start = state[POSITION]
        if start < text.shape[0] and text[start] == NEWLINE:
            start += 1
        end = start
        while end < text.shape[0] and text[end] != SPACE:
            end += 1
        if end + 1 + size > text.shape[0]:
            return
        copy_word(text, start, end, words, state[WORDS])
        state[WORDS] += end - start + 1
        row = values[state[ROW]]
        for i in range(size):
            row[i] = text[end + 1 + i]
        starts[state[ROW]] = end + 1
        state[ROW] += 1
        state[POSITION] = end + 1 + size


@kernel("int64(uint8[::1], int64, uint8[::1], int64[::1], int64[::1], uint8[::1])")
def parse_entries(text: Bytes, at: int, words: Bytes, ends: Places, counts: Places, kinds: Bytes) -> int:
    """Read entries ``word NUL count kind`` and return their end, or -1 if the bytes end first."""
    place = 0
    for entry in range(counts.shape[0]):
        while at < text.shape[0] and text[at] != 0:
            words[place] = text[at]
            place += 1
            at += 1
        if at + 10 > text.shape[0]:
            return -1
        count = np.uint64(0)
        for i in range(8):
            count |= np.uint64(text[at + 1 + i]) << np.uint64(8 * i)
        ends[entry], counts[entry], kinds[entry] = place, np.int64(count), text[at + 9]
        at += 10
    return at


@kernel("void(uint8[:,::1], boolean[::1])")
def find_filled(rows: Bytes, filled: NDArray[np.bool_]) -> None:
    """Write for each row whether any byte is not 0."""
    for row in range(rows.shape[0]):
        column = 0
        while column < rows.shape[1] and rows[row, column] == 0:
            column += 1
        filled[row] = column < rows.shape[1]
