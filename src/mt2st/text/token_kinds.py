"""The distinct tokens of sentences, and the attributes of each that window features are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from mt2st.text.ragged import Ragged
from mt2st.text.surface import surface_numbers, word_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

# The padding before the first and after the last token of a sentence: always kind 0.
BOUNDARY = "\0"
COLUMNS = 12
# Indices in the result of `look_at` that kernels combine with those of other words.
SMALL, SHAPE, LAST2, LAST3 = 1, 2, 4, 5


class TokenKinds(NamedTuple):
    """Sentences as numbers of distinct tokens.

    Attributes
    ----------
    sentences
        The number of each token; `BOUNDARY` is number 0 and in no sentence.
    words
        The token of each number.
    """

    sentences: Ragged
    words: list[str]

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]]) -> TokenKinds:
        """Return the distinct tokens in order of first occurrence.

        Examples
        --------
        >>> kinds = TokenKinds.of([["a", "b"], [], ["b"]])
        >>> kinds.words[1:], kinds.sentences.ids.tolist()
        (['a', 'b'], [1, 2, 2])
        """
        numbers: dict[str, int] = {}
        rows = [[numbers.setdefault(token, len(numbers) + 1) for token in sentence] for sentence in sentences]
        return cls(Ragged.from_lists(rows), [BOUNDARY, *numbers])

    def hashes(self) -> NDArray[np.uint64]:
        """Return a hash of each attribute from `look_at` of each word, (words, 12)."""
        found = [[crc32(text.encode("utf-8", "surrogatepass")) for text in look_at(word)] for word in self.words]
        return np.array(found, np.uint64).reshape(len(self.words), COLUMNS)

    def surface(self, buckets: int) -> NDArray[np.int32]:
        """Return the hashed surface features of each word, (words, 4), see `surface_numbers`."""
        return surface_numbers(self.words, buckets)


def look_at(word: str) -> tuple[str, ...]:
    """Return a word, its lower case, shape, suffixes and prefixes of 1 to 4 letters, and kinds of characters.

    Examples
    --------
    >>> look_at("U2's")
    ("U2's", "u2's", "X0'x", 's', "'s", "2's", "u2's", 'u', 'u2', "u2'", "u2's", 'digit,first')
    """
    small = word.lower()
    ends = (small[-1:], small[-2:], small[-3:], small[-4:])
    begins = (small[:1], small[:2], small[:3], small[:4])
    return (word, small, word_shape(word), *ends, *begins, ",".join(_signs(word)))


def _signs(word: str) -> Iterable[str]:
    signs = {
        "digit": any(map(str.isdigit, word)),
        "hyphen": "-" in word,
        "first": word[:1].isupper(),
        "upper": word.isupper(),
        "lower": word.islower(),
        "letters": word.isalpha(),
        "number": word.isnumeric(),
    }
    return (name for name, holds in signs.items() if holds)
