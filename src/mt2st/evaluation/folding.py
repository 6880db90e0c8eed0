"""Looking up words of an evaluation set among words with vectors, case-sensitively or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def fold(word: str, case_insensitive: bool) -> str:
    """Return the form in which words are compared: upper case, as in gensim, or the word itself.

    Examples
    --------
    >>> fold("Paris", case_insensitive=True), fold("Paris", case_insensitive=False)
    ('PARIS', 'Paris')
    """
    return word.upper() if case_insensitive else word


def fold_words(words: Sequence[str], case_insensitive: bool) -> dict[str, int]:
    """Return the row of each folded word; of several that fold to one, the first, which is the most frequent.

    Examples
    --------
    >>> fold_words(["us", "paris", "US"], case_insensitive=True)
    {'US': 0, 'PARIS': 1}
    """
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        rows.setdefault(fold(word, case_insensitive), row)
    return rows


def first_forms(words: Sequence[str], rows: dict[str, int], case_insensitive: bool) -> NDArray[np.int64]:
    """Return for each word the row of the first word that folds to the same, shape (words,).

    Examples
    --------
    >>> words = ["us", "paris", "US"]
    >>> first_forms(words, fold_words(words, True), True)
    array([0, 1, 0])
    """
    return np.fromiter((rows[fold(word, case_insensitive)] for word in words), np.int64, len(words))
