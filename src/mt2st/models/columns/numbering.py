"""Words of many texts numbered at once, with one search for all tokens of a batch."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat

import numpy as np
from numpy.typing import NDArray

from mt2st.text.ragged import Ragged
from mt2st.text.tokenizer import TOKEN, fold

# What a word without a number has for one, and what ends a text on the way.
UNKNOWN, _END = -1, -2
# Characters of the texts that are searched at once.
BATCH = 1 << 20
_TOKEN_OR_END = re.compile(rf"{TOKEN.pattern}|\n")


@dataclass(frozen=True)
class Numbered:
    """Texts as numbers of their words.

    Attributes
    ----------
    ids
        The number of each word, in order; `UNKNOWN` for one that has none.
    unknown
        The words that have none, in order.
    """

    ids: Ragged
    unknown: list[str]


def token_batches(texts: Iterable[str]) -> Iterator[list[str]]:
    r"""Yield the tokens of some texts together, a line end after each text.

    Examples
    --------
    >>> list(token_batches(["Two\nlines!", ""]))
    [['two', 'lines', '!', '\n', '\n']]
    """
    batch, size = list[str](), 0
    for text in texts:
        batch.append(text.replace("\n", " ") if "\n" in text else text)
        size += len(text)
        if size >= BATCH:
            yield _split(batch)
            batch, size = [], 0
    if batch:
        yield _split(batch)


def _split(batch: list[str]) -> list[str]:
    return _TOKEN_OR_END.findall(fold("\n".join(batch)) + "\n")


def number_anew(texts: Iterable[str]) -> tuple[Ragged, list[str]]:
    """Return texts as numbers of their words, and the words: each gets its number where it is met first.

    Examples
    --------
    >>> ids, words = number_anew(["so so good", "good"])
    >>> ids.ids, words
    (array([0, 0, 1, 1], dtype=int32), ['so', 'good'])
    """
    numbers: defaultdict[str, int] = defaultdict(count(_END).__next__)
    numbers["\n"], numbers[""]  # the first two numbers are no word's
    found = [np.fromiter(map(numbers.__getitem__, tokens), np.int32, len(tokens)) for tokens in token_batches(texts)]
    return _cut(found), list(numbers)[2:]


def _cut(found: list[NDArray[np.int32]]) -> Ragged:
    """Return the texts that the numbers make up, an end behind each."""
    ids = np.concatenate(found) if found else np.empty(0, np.int32)
    ends = np.flatnonzero(ids == _END)
    offsets = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    return Ragged(ids[ids != _END], offsets)


class WordNumbers:
    """Gives the words of texts the numbers of a vocabulary.

    Parameters
    ----------
    words
        Word w has the number w.

    Examples
    --------
    >>> found = WordNumbers(["good", "not"]).number(["Not good", "", "so good"])
    >>> found.ids.ids, found.ids.offsets, found.unknown
    (array([ 1,  0, -1,  0], dtype=int32), array([0, 2, 2, 4]), ['so'])
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._numbers = dict(zip(words, range(len(words)), strict=True)) | {"\n": _END}

    def number(self, texts: Iterable[str]) -> Numbered:
        """Return the texts as numbers."""
        found, unknown = list[NDArray[np.int32]](), list[str]()
        for tokens in token_batches(texts):
            ids = np.fromiter(map(self._numbers.get, tokens, repeat(UNKNOWN)), np.int32, len(tokens))
            unknown.extend(map(tokens.__getitem__, np.flatnonzero(ids == UNKNOWN).tolist()))
            found.append(ids)
        return Numbered(_cut(found), unknown)
