"""Words and pairs of adjacent words, numbered as rows of one table."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mt2st.errors import DataError
from mt2st.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray


class Encodes(Protocol):
    """Numbers words: `Features`, or `mt2st.embeddings.word_rows.WordRows`, which numbers unknown words too."""

    def encode(self, tokens: Sequence[str]) -> NDArray[np.int32]:
        """Return the numbers of the known words."""
        ...

    def place(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the number of each word, -1 for an unknown one."""
        ...


class Features:
    """Rows for words, then rows for word pairs.

    A word's row is its id in ``words``; a pair's row is ``len(words)`` plus its id in ``pairs``.

    Parameters
    ----------
    words
        The words.
    pairs
        The pairs, each the two words with a space between.

    Examples
    --------
    >>> texts = [["not", "good"], ["not", "good"], ["good", "not"]]
    >>> features = Features.build(texts, min_count=2, pair_min_count=2)
    >>> features.words.words, features.pairs.words
    (['good', 'not'], ['not good'])
    >>> features.encode(["not", "good", "unseen"])
    array([1, 0, 2], dtype=int32)
    >>> features.frequencies.round(2)
    array([0.5 , 0.5 , 0.33])
    """

    def __init__(self, words: Vocabulary, pairs: Vocabulary) -> None:
        self.words, self.pairs = words, pairs

    @classmethod
    def build(
        cls, token_lists: Iterable[Sequence[str]], min_count: int = 2, pair_min_count: int = 3, pairs: bool = True
    ) -> Features:
        """Return the words and pairs that occur at least the minimum number of times.

        Parameters
        ----------
        token_lists
            Texts, each split into tokens; read once.
        min_count, pair_min_count
            Rarer words and pairs get no row, since there is too little data to train it.
        pairs
            Whether to use pairs.
        """
        words: Counter[str] = Counter()
        joined: Counter[str] = Counter()
        for tokens in token_lists:
            words.update(tokens)
            if pairs:
                joined.update(map(" ".join, pairwise(tokens)))
        return cls(Vocabulary.from_counter(words, min_count), Vocabulary.from_counter(joined, pair_min_count))

    def __len__(self) -> int:
        return len(self.words) + len(self.pairs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Features):
            return NotImplemented
        return self.words == other.words and self.pairs == other.pairs

    __hash__ = None  # type: ignore[assignment]

    @property
    def frequencies(self) -> NDArray[np.float64]:
        """Each row's count divided by the total count of known words, shape (rows,)."""
        counts = np.concatenate([self.words.counts, self.pairs.counts])
        return counts / max(int(self.words.counts.sum()), 1)

    def encode_words(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the rows of the known words among the tokens, in order."""
        return self.words.encode(tokens)

    def encode(self, tokens: Sequence[str]) -> NDArray[np.int32]:
        """Return the rows of the known words, then those of the known pairs."""
        words = self.words.encode(tokens)
        if not len(self.pairs):
            return words
        pairs = self.pairs.encode(map(" ".join, pairwise(tokens)))
        return np.concatenate([words, pairs + np.int32(len(self.words))])

    def place(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Return the row of each token, in order; -1 for an unknown word."""
        places = (self.words.get(token) for token in tokens)
        return np.array([-1 if place is None else place for place in places], np.int32)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, for a JSON file."""
        return {"words": self.words.to_json(), "pairs": self.pairs.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Features:
        """Return the features that `to_json` wrote; anything else is a `DataError`."""
        if not hasattr(data, "keys") or not {"words", "pairs"} <= set(data.keys()):
            raise DataError("features are an object with the vocabularies 'words' and 'pairs': write it with to_json()")
        return cls(Vocabulary.from_json(data["words"]), Vocabulary.from_json(data["pairs"]))
