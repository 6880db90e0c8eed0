"""Word similarity: correlation of the cosines of word pairs with human scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mt2st.errors import DataError
from mt2st.evaluation.cosine import cosine
from mt2st.evaluation.word_pairs import WordPair


@dataclass(frozen=True)
class PairReport:
    """The results of vectors on a set of scored word pairs.

    Attributes
    ----------
    pearson, spearman
        Correlation of cosines and scores, each with its two-sided p-value.
    pairs
        Number of pairs in the correlations.
    unknown
        Number of pairs with a word that has no vector, skipped or counted as of cosine 0.
    total
        Number of pairs in the set.
    """

    pearson: tuple[float, float]
    spearman: tuple[float, float]
    pairs: int
    unknown: int
    total: int

    @property
    def oov_ratio(self) -> float:
        """Return the share of pairs with a word that has no vector, in percent."""
        return 100 * self.unknown / self.total

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        values = {"pearson": self.pearson[0], "spearman": self.spearman[0]}
        return {**values, "pairs": self.pairs, "unknown": self.unknown, "oov_ratio": self.oov_ratio}


def correlations(gold: ArrayLike, found: ArrayLike) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return Pearson's and Spearman's correlation, each with its two-sided p-value.

    Raises
    ------
    DataError
        If there are fewer than two values, or all values of one side are equal.

    Examples
    --------
    >>> pearson, spearman = correlations([1, 2, 3, 10], [1, 3, 2, 4])
    >>> round(pearson[0], 4), round(spearman[0], 4)
    (0.8222, 0.8)
    """
    from scipy import stats  # takes long to import, and only evaluation needs it

    sides = [np.asarray(side, np.float64) for side in (gold, found)]
    if len(sides[0]) < 2 or any(np.ptp(side) == 0 for side in sides):
        alike = "" if len(sides[0]) < 2 else ", all of one score or of one cosine"
        raise DataError(
            f"a correlation needs two pairs that differ, {len(sides[0])} with vectors found{alike}: "
            "use another set, or vectors of more words"
        )
    pearson, spearman = stats.pearsonr(*sides), stats.spearmanr(*sides)
    return (float(pearson[0]), float(pearson[1])), (float(spearman[0]), float(spearman[1]))


def evaluate_pairs(
    pairs: Sequence[WordPair], find: Callable[[str], NDArray[np.float32] | None], *, dummy4unknown: bool = False
) -> PairReport:
    """Correlate the scores of word pairs with the cosines of their vectors.

    Parameters
    ----------
    pairs
        Two words and a score each.
    find
        Returns the vector of a word, or None if it has none.
    dummy4unknown
        Count a pair with such a word as one of cosine 0, instead of skipping it.

    Raises
    ------
    DataError
        As `correlations`.

    Examples
    --------
    >>> table = {"a": [1, 0], "b": [4, 3], "c": [0, 1]}
    >>> find = lambda word: np.array(table[word], np.float32) if word in table else None
    >>> pairs = [WordPair("a", "b", 9.0), WordPair("b", "c", 5.0), WordPair("a", "c", 6.0), WordPair("a", "z", 1.0)]
    >>> report = evaluate_pairs(pairs, find)
    >>> round(report.spearman[0], 4), report.pairs, report.unknown, report.oov_ratio
    (0.5, 3, 1, 25.0)
    """
    gold, found, unknown = [], [], 0
    for pair in pairs:
        first, second = find(pair.first), find(pair.second)
        missing = first is None or second is None
        unknown += missing
        if not missing or dummy4unknown:
            gold.append(pair.score)
            found.append(0.0 if first is None or second is None else cosine(first, second))
    pearson, spearman = correlations(gold, found)
    return PairReport(pearson, spearman, len(gold), unknown, len(pairs))
