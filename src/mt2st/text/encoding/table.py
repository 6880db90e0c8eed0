"""Words and their numbers in flat arrays that grow: what holds a vocabulary while it is counted."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.kernels import (
    END,
    KNOWN,
    PADDING,
    SENTENCES,
    SPACE,
    STATES,
    TOKENS,
    USED,
    Bytes,
    move_words,
    number_words,
)
from mt2st.text.ragged import LARGEST

Item = TypeVar("Item", bound=np.generic)

LEAST_SLOTS = 1 << 12
EVERY_WORD_ONCE = np.empty(0, np.int64)


def kinds_of(spaces: bytes, ends: bytes = b"") -> Bytes:
    """Return what each of the 256 bytes is, from those between words and those that end sentences too."""
    kinds = np.zeros(256, np.uint8)
    kinds[list(spaces)], kinds[list(ends)] = SPACE, END
    return kinds


LIST_OF_WORDS = kinds_of(b"\n")


class WordTable:
    r"""Words numbered in order of first sight, with their counts.

    Examples
    --------
    >>> table = WordTable()
    >>> ids, ends = table.number(padded(b"to be or\nnot to be\n"), 19, kinds_of(b" ", b"\n"))
    >>> ids.tolist(), ends.tolist()
    ([0, 1, 2, 3, 0, 1], [3, 6])
    >>> table.text, table.counts.tolist()
    (b'to\nbe\nor\nnot\n', [2, 2, 1, 1])
    """

    def __init__(self) -> None:
        self._table = np.zeros(2 * LEAST_SLOTS, np.uint64)
        self._arena = np.empty(0, np.uint8)
        self._starts, self._counts = (np.empty(LEAST_SLOTS // 2, np.int64) for _ in range(2))
        self._known = self._used = 0

    def __len__(self) -> int:
        return self._known

    @property
    def text(self) -> bytes:
        """The words in order, a line end after each."""
        return self._arena[: self._used].tobytes()

    @property
    def counts(self) -> Places:
        """How often each word was seen, a view of shape (words,)."""
        return self._counts[: self._known]

    def clear(self) -> None:
        """Forget all words but keep the memory."""
        self._table[:] = 0
        self._known = self._used = 0

    def number(
        self, text: Bytes, length: int, kinds: Bytes, weights: Places = EVERY_WORD_ONCE, insert: bool = True
    ) -> tuple[Numbers, Places]:
        """Count the words of a text and return their ids and where its sentences end; see `number_words`."""
        ids = np.empty(length // 2 + 1, np.int32)
        ends = np.empty(length // 2 + 1, np.int64)
        state = np.zeros(STATES, np.int64)
        state[KNOWN], state[USED] = self._known, self._used
        self._arena = grown(self._arena, self._used + (length + 1 if insert else 0))
        arrays = (self._arena, self._starts, self._counts)
        while number_words(text, length, kinds, insert, self._table, *arrays, weights, ids, ends, state) < length:
            self._grow()
            arrays = (self._arena, self._starts, self._counts)
        self._known, self._used = int(state[KNOWN]), int(state[USED])
        return ids[: state[TOKENS]], ends[: state[SENTENCES]]

    def number_list(self, words: bytes, weights: Places = EVERY_WORD_ONCE, insert: bool = True) -> Numbers:
        """Count words with a line end behind each, ``weights`` times each; return their ids, -1 if unknown."""
        return self.number(padded(words), len(words), LIST_OF_WORDS, weights, insert)[0]

    def keep(self, kept: NDArray[np.bool_]) -> WordTable:
        """Return a table of some of the words, numbered anew in the same order."""
        lengths = np.diff(self._starts[: self._known], append=self._used)
        smaller = WordTable()
        smaller.number_list(self._arena[: self._used][np.repeat(kept, lengths)].tobytes(), self.counts[kept])
        return smaller

    def _grow(self) -> None:
        slots = self._table.size
        if slots // 2 > LARGEST:
            raise DataError(f"more than {LARGEST} different words: pass max_vocabulary= to bound them")
        table = np.zeros(2 * slots, np.uint64)
        move_words(self._table, table)
        self._table = table
        self._starts, self._counts = grown(self._starts, slots // 2), grown(self._counts, slots // 2)


def grown(array: NDArray[Item], size: int) -> NDArray[Item]:
    """Return an array with room for ``size`` entries, the old ones first; at least doubled, so that growth is cheap."""
    if size <= array.size:
        return array
    larger = np.empty(max(size, 2 * array.size), array.dtype)
    larger[: array.size] = array
    return larger


def padded(text: bytes) -> Bytes:
    """Return bytes as an array that kernels may read beyond the end of."""
    return np.frombuffer(bytearray(text) + bytes(PADDING), np.uint8)
