"""Counting the words that a model does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mt2st.report.findings import Coverage, Group

FREQUENT = 15


def find_coverage(
    tokens: Sequence[Sequence[str]], known: Callable[[str], bool], right: NDArray[np.bool_] | None = None
) -> Coverage:
    """Count the unknown words of some texts.

    Parameters
    ----------
    tokens
        Tokens of each text.
    known
        Returns whether the model knows a word.
    right
        Which texts are classified correctly, (texts,), to compare texts with few and with many unknown words.

    Examples
    --------
    >>> found = find_coverage([["a", "b"], ["a"]], {"a"}.__contains__, np.array([False, True]))
    >>> found.unseen, found.words, [(group.name, group.accuracy) for group in found.groups]
    (1, 3, [('all words known', 1.0), ('a quarter unknown, or more', 0.0)])
    """
    unknown = [[word for word in own if not known(word)] for own in tokens]
    counts = Counter(word for own in unknown for word in own)
    frequent = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:FREQUENT]
    shares = np.array([len(own) / max(len(words), 1) for own, words in zip(unknown, tokens, strict=True)])
    total = sum(len(own) for own in tokens)
    return Coverage(total, counts.total(), frequent, [] if right is None else _groups(shares, right))


def _groups(shares: NDArray[np.float64], right: NDArray[np.bool_]) -> list[Group]:
    kinds = {
        "all words known": shares == 0,
        "some unknown": (shares > 0) & (shares < 0.25),
        "a quarter unknown, or more": shares >= 0.25,
    }
    return [Group(name, int(own.sum()), float(right[own].mean())) for name, own in kinds.items() if own.any()]
