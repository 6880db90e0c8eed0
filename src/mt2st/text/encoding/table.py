"""A hash table of words and counts in growing flat arrays, to count a vocabulary."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.kernels import count_words, split_words
from mt2st.text.encoding.kernels.octets import (
    AHEAD,
    AT,
    END,
    KNOWING,
    KNOWN,
    OPENED,
    PADDING,
    READING,
    SENTENCES,
    SPACE,
    SPAN,
    TOKENS,
    USED,
    Bytes,
    Keys,
    Unsigned,
    octets,
)
from mt2st.text.ragged import LARGEST

Item = TypeVar("Item", bound=np.generic)

LEAST_ROOM = 1 << 11
# Number of words found at a time, before they are counted.
FOUND = 1 << 13
EVERY_WORD_ONCE = np.ones(FOUND, np.int64)
# A value that no three bytes have.
NO_MARK = 1 << 24


def kinds_of(spaces: bytes, ends: bytes = b"") -> Bytes:
    """Return the kind of each of the 256 bytes, from those between words and those that also end sentences."""
    kinds = np.zeros(256, np.uint8)
    kinds[list(spaces)], kinds[list(ends)] = SPACE, END
    return kinds


LIST_OF_WORDS = kinds_of(b"\n")


class WordTable:
    r"""Words numbered by first occurrence, with their counts.

    Examples
    --------
    >>> table = WordTable()
    >>> ids, ends = table.number(padded(b"to be or\nnot to be\n"), 19, kinds_of(b" ", b"\n"))
    >>> ids.tolist(), ends.tolist()
    ([0, 1, 2, 3, 0, 1], [3, 6])
    >>> table.text, table.counts.tolist()
    (b'to\nbe\nor\nnot\n', [2, 2, 1, 1])
    """

    def __init__(self, room: int = LEAST_ROOM) -> None:
        self._bits = max(room - 1, LEAST_ROOM - 1).bit_length() + 1
        self._table = np.zeros(2 << self._bits, np.uint64)
        self._arena = np.zeros(PADDING, np.uint8)
        self._starts, self._counts = np.empty(1 << self._bits - 1, np.uint64), np.empty(1 << self._bits - 1, np.int64)
        self._state = np.zeros(KNOWING, np.uint64)

    def __len__(self) -> int:
        return int(self._state[KNOWN])

    @property
    def used(self) -> int:
        """Number of bytes of the words, including newlines."""
        return int(self._state[USED])

    @property
    def text(self) -> bytes:
        """The words in order, a newline after each."""
        return self.text_from(0)

    def text_from(self, start: int) -> bytes:
        """Return the words from a byte on: those added since ``used`` was ``start``."""
        return self._arena[start : self.used].tobytes()

    @property
    def counts(self) -> Places:
        """The count of each word, a view of shape (words,)."""
        return self._counts[: len(self)]

    def number(
        self,
        text: Bytes,
        length: int,
        kinds: Bytes,
        weights: Places | None = None,
        *,
        insert: bool = True,
        mark: int = NO_MARK,
    ) -> tuple[Numbers, Places]:
        """Count the words of a text and return their ids and the sentences' ends.

        The three bytes of ``mark`` are skipped at the text's start and after each byte of the kind `END`.
        """
        ids, ends = np.empty(length // 2 + 1, np.int32), np.empty(length // 2 + 1, np.int64)
        spans, state = np.empty(SPAN * FOUND + int(AHEAD), np.uint64), np.zeros(READING, np.uint64)
        words, first = octets(text), 0
        if length and int(words[0]) & NO_MARK - 1 == mark:
            state[AT] = 3
        while (began := int(state[AT])) < length:
            split_words(words, kinds, length, mark, spans[: SPAN * FOUND], ends, state)
            found = int(state[TOKENS]) - first
            self._arena = grown(self._arena, self.used + int(state[AT]) - began + 1 + PADDING)
            shares = EVERY_WORD_ONCE if weights is None else weights[first:]
            self._count(words, spans, found, insert, shares, ids[first:])
            first += found
        if state[TOKENS] > state[OPENED]:
            ends[state[SENTENCES]] = state[TOKENS]
            state[SENTENCES] += 1
        for array, size in ((ids, TOKENS), (ends, SENTENCES)):
            array.resize(int(state[size]), refcheck=False)  # frees the rest of the memory
        return ids, ends

    def _count(self, words: Keys, spans: Keys, stop: int, insert: bool, weights: Places, ids: Numbers) -> None:
        at: Unsigned = 0
        while at < stop:
            known = (octets(self._arena), self._starts, self._counts)
            shift, last = 64 - self._bits, self._table.size - 1
            at = count_words(
                words, spans, at, stop, insert, shift, last, self._table, *known, weights, ids, self._state
            )
            if at < stop:
                self._grow()

    def number_list(self, words: bytes, weights: Places | None = None, *, insert: bool = True) -> Numbers:
        """Count words, a newline after each, ``weights`` times each; return their ids, -1 if unknown."""
        return self.number(padded(words), len(words), LIST_OF_WORDS, weights, insert=insert)[0]

    def some(self, kept: NDArray[np.bool_]) -> tuple[bytes, Places]:
        """Return the ``kept`` words in the same order, a newline after each, and their counts."""
        places = np.append(self._starts[: len(self)].view(np.int64), self.used)
        lengths = (places[1:] - places[:-1])[kept]
        ends = np.cumsum(lengths)
        moved = np.repeat(places[:-1][kept] - ends + lengths, lengths)
        return self._arena[moved + np.arange(len(moved))].tobytes(), self.counts[kept]

    def keep(self, kept: NDArray[np.bool_]) -> WordTable:
        """Return a table of the ``kept`` words, renumbered in the same order."""
        smaller = WordTable()
        smaller.number_list(*self.some(kept))
        return smaller

    def _grow(self) -> None:
        room = 2 * self._starts.size
        if room > LARGEST:
            raise DataError(f"more than {LARGEST} different words: pass max_vocabulary= to bound them")
        larger = WordTable(room)
        larger.number_list(self.text, self.counts)
        self._bits, self._table, self._starts, self._counts = (
            larger._bits,
            larger._table,
            larger._starts,
            larger._counts,
        )


def grown(array: NDArray[Item], size: int) -> NDArray[Item]:
    """Return an array with room for ``size`` entries, the old ones first; at least doubled, so that growth is cheap."""
    if size <= array.size:
        return array
    larger = np.empty(max(size, 2 * array.size), array.dtype)
    larger[: array.size] = array
    return larger


def padded(text: bytes) -> Bytes:
    """Return bytes as an array with `PADDING`, so that kernels may read beyond the end."""
    return np.frombuffer(bytearray(text) + bytes(PADDING), np.uint8)
