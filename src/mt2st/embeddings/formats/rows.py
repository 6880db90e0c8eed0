"""Words and rows read from a file, and the checks that all formats share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.utf8 import decode_words, join_utf8, split_utf8
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError, counted

CHECKED_AT_ONCE = 4096


@dataclass
class Rows:
    """A table that grows as words are read.

    Attributes
    ----------
    path
        For messages.
    size
        Values per row.
    most
        Maximum number of rows to read; None for all.
    values
        float32 (room, size); the first ``len(words)`` rows are filled.
    words
        The words read so far.
    escaped
        Indices of the words that were not UTF-8.
    """

    path: Path
    size: int
    most: int | None = None
    values: NDArray[np.float32] = field(init=False)
    words: list[str] = field(default_factory=list)
    escaped: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values = np.empty((0, self.size), np.float32)

    @property
    def full(self) -> bool:
        """Whether ``most`` rows have been read."""
        return self.most is not None and len(self.words) >= self.most

    def make_room(self, rows: int) -> None:
        """Make room for this many more rows, and some spare, up to ``most``."""
        needed = len(self.words) + rows
        if needed > len(self.values):
            needed = max(needed, len(self.values) * 3 // 2)
        needed = needed if self.most is None else min(needed, self.most)
        if needed > len(self.values):
            self.values.resize((needed, self.size), refcheck=False)  # in place where the system can, so no second table

    def add_words(self, entries: list[bytes]) -> None:
        """Add the words of rows already filled; see `decode_words`."""
        words, wrong = decode_words(entries)
        self.escaped += [len(self.words) + number for number in wrong]
        self.words += words

    def finish(self) -> WordVectors:
        """Return the words and vectors; keep the first of duplicate words, and warn once for all."""
        warn_of_escaped(self.words, self.escaped, self.path)
        self.values.resize((len(self.words), self.size), refcheck=False)
        if len(set(self.words)) == len(self.words):
            return WordVectors(self.words, self.values)
        first = {word: at for at, word in reversed(list(enumerate(self.words)))}
        again = next(word for at, word in enumerate(self.words) if first[word] != at)
        number = len(self.words) - len(first)
        out = f"{counted(number, 'row')} left out whose word came before"
        message = f"{self.path}: {out}, as {again!r}: the first of each counts"
        warnings.warn(message, stacklevel=2)
        kept = sorted(first.values())
        return WordVectors([self.words[at] for at in kept], self.values[kept])


def check_writable(vectors: WordVectors, path: Path) -> None:
    """Raise `DataError` if there are no vectors, a word is not valid Unicode, or a value is not finite."""
    if not vectors.vectors.size:
        raise DataError("there are no vectors to write: train or load some first", path=path)
    words, subwords = vectors.index_to_key, vectors.subwords
    join_utf8(words)
    tables: list[tuple[str, NDArray[np.float32] | None, Sequence[str] | NDArray[np.int32]]]
    tables = [("vector", vectors.vectors, words), ("output row", vectors.output, words)]
    if subwords is not None:
        tables += [("own row", subwords.word_rows, words), ("n-gram bucket row", subwords.rows, subwords.buckets)]
    for what, table, names in tables:
        row = -1 if table is None else first_not_finite(table)
        if row >= 0:
            message = f"the {what} of {str(names[row])!r} holds NaN or infinity: train again with a lower alpha"
            raise DataError(message, path=path)


def first_not_finite(values: NDArray[np.float32]) -> int:
    """Return the first row that holds an infinity or NaN, or -1.

    Examples
    --------
    >>> first_not_finite(np.array([[1, 2], [np.nan, 3]], np.float32))
    1
    """
    for start in range(0, len(values), CHECKED_AT_ONCE):
        good = np.isfinite(values[start : start + CHECKED_AT_ONCE]).all(1)
        if not good.all():
            return start + int(good.argmin())
    return -1


def warn_of_escaped(words: list[str], escaped: list[int], path: Path) -> None:
    """Warn, once for all, of words of a file that were not UTF-8."""
    if escaped:
        warnings.warn(
            f"{path}: {counted(len(escaped), 'word')} not in UTF-8, the first is entry {escaped[0] + 1}, "
            f"{words[escaped[0]]!r}: bytes that are none are written as \\x and two digits; "
            "convert text of another encoding first, e.g. iconv -f LATIN1 -t UTF-8",
            stacklevel=2,
        )


def split_words(text: NDArray[np.uint8], offsets: NDArray[np.int64], fault: Callable[[str], DataError]) -> list[str]:
    """Split concatenated words at offsets; raise what ``fault`` returns if they are invalid."""
    if not len(offsets) or offsets[0] or offsets[-1] != len(text) or (np.diff(offsets) < 0).any():
        raise fault("the words' offsets must rise from 0 to the end of their bytes")
    try:
        return split_utf8(text, offsets)
    except UnicodeDecodeError as error:
        raise fault(f"the words are not UTF-8 at their byte {error.start}") from error


def check_words(words: list[str], path: Path, forbidden: str) -> None:
    """Raise `DataError` if a word contains one of the ``forbidden`` characters."""
    for character in forbidden:
        if character in "".join(words):
            word = next(word for word in words if character in word)
            message = f"the word {word!r} holds {character!r}, which this format cannot keep: save as .safetensors"
            raise DataError(message, path=path)


def keep_first(vectors: WordVectors, limit: int | None) -> WordVectors:
    """Return only the first ``limit`` words, with their counts and rows."""
    if limit is None or limit >= len(vectors.index_to_key):
        return vectors
    subwords = vectors.subwords
    return WordVectors(
        vectors.index_to_key[:limit],
        vectors.vectors[:limit],
        counts=None if vectors.counts is None else vectors.counts[:limit],
        subwords=None if subwords is None else replace(subwords, word_rows=subwords.word_rows[:limit]),
        output=None if vectors.output is None else vectors.output[:limit],
        training=vectors.training,
    )
