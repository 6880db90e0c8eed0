"""The words known to a model, each with its row number and its count."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.errors import DataError, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray


class Vocabulary:
    """Words and their counts; a word's index is its id.

    Parameters
    ----------
    words
        Distinct strings. `build` orders them by descending count, then alphabetically: equal data gives equal ids.
    counts
        The count of each word, not negative.

    Raises
    ------
    DataError
        If a word is not a string or occurs twice, or the counts do not match.

    Examples
    --------
    >>> vocabulary = Vocabulary.build([["b", "a", "c"], ["c"]])
    >>> vocabulary.words, vocabulary.counts.tolist()
    (['c', 'a', 'b'], [2, 1, 1])
    >>> vocabulary.index("a"), "z" in vocabulary, vocabulary.encode(["b", "z", "c"])
    (1, False, array([2, 0], dtype=int32))
    """

    def __init__(self, words: Sequence[str], counts: Sequence[int] | NDArray[np.int64]) -> None:
        self.words = list(words)
        self.counts = check_counts(counts, len(self.words))
        self._ids = number_words(self.words)

    @classmethod
    def build(cls, token_lists: Iterable[Iterable[str]], min_count: int = 1) -> Vocabulary:
        """Return the words that occur at least ``min_count`` times in tokenised texts."""
        return cls.from_counter(Counter(chain.from_iterable(token_lists)), min_count)

    @classmethod
    def from_counter(cls, counter: Mapping[str, int], min_count: int = 1) -> Vocabulary:
        """Return the words that are counted at least ``min_count`` times.

        Examples
        --------
        >>> Vocabulary.from_counter({"rare": 1, "a": 5}, min_count=2).words
        ['a']
        """
        kept = [(-count, word) for word, count in counter.items() if count >= min_count]
        kept.sort()
        return cls([word for _, word in kept], [-count for count, _ in kept])

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return self.words == other.words and np.array_equal(self.counts, other.counts)

    __hash__ = None  # type: ignore[assignment]

    def index(self, word: str) -> int:
        """Return the id of a word; an unknown one is a `DataError`."""
        if word not in self._ids:
            known = counted(len(self), "word")
            raise DataError(f"{word!r} is not among the {known} known: use get() to have None instead")
        return self._ids[word]

    def get(self, word: str) -> int | None:
        """Return the id of a word, or None."""
        return self._ids.get(word)

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the ids of the tokens that are known, shape (known tokens,)."""
        known = map(self._ids.get, tokens)
        return np.array([at for at in known if at is not None], dtype=np.int32)

    def to_json(self) -> dict[str, list[Any]]:
        """Return plain lists, for a JSON file."""
        return {"words": list(self.words), "counts": self.counts.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Vocabulary:
        """Return the vocabulary that `to_json` wrote; anything else is a `DataError`.

        Examples
        --------
        >>> Vocabulary.from_json({"words": ["a"], "counts": [3]}).words
        ['a']
        """
        if not hasattr(data, "keys") or not {"words", "counts"} <= set(data.keys()):
            raise DataError("a vocabulary is an object with the lists 'words' and 'counts': write it with to_json()")
        for key in ("words", "counts"):
            if not isinstance(data[key], list):
                raise DataError(f"the vocabulary's {key!r} must be a list, {type(data[key]).__name__} found")
        return cls(data["words"], data["counts"])


def check_counts(counts: Sequence[int] | NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Return the counts as an array; they must be integers, not negative, and one for each word."""
    array = np.asarray(counts) if len(counts) else np.empty(0, dtype=np.int64)
    if array.shape != (length,):
        raise DataError(f"counts must be as many as words, {length}: shape {array.shape} found")
    if array.dtype.kind not in "iu" or (array < 0).any():
        raise DataError("counts must be whole numbers from 0: count the words again")
    return array.astype(np.int64)


def number_words(words: Sequence[str]) -> dict[str, int]:
    """Return each word's index; words must be distinct strings."""
    if not all(issubclass(kind, str) for kind in set(map(type, words))):
        raise DataError("every word of a vocabulary must be a string: write it with to_json()")
    ids = dict(zip(words, range(len(words)), strict=True))
    if len(ids) != len(words):
        twice = next(word for at, word in enumerate(words) if ids[word] != at)
        raise DataError(f"the word {twice!r} occurs twice in the vocabulary: remove one")
    return ids
