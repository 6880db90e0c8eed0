"""Word translation: how often the nearest target word is a translation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, DataError
from mt2st.evaluation.cosine import divisors


@dataclass(frozen=True)
class TranslationReport:
    """The results of vectors on a dictionary.

    Attributes
    ----------
    precision
        Share of the source words whose nearest target is one of their translations.
    sources, targets
        Numbers of distinct source words translated, and of candidate target words.
    """

    precision: float
    sources: int
    targets: int


def evaluate_translation(
    vectors: NDArray[np.float32],
    pairs: NDArray[np.int64],
    targets: NDArray[np.int64],
    *,
    neighbours: int | None = 10,
    among: NDArray[np.int64] | None = None,
) -> TranslationReport:
    """Translate each source word of a dictionary by the nearest target.

    Parameters
    ----------
    vectors
        Vectors of the words of both languages, (words, dim).
    pairs
        Rows of source words and their translations, (pairs, 2).
    targets
        Rows of all candidate target words, (targets,).
    neighbours
        k of CSLS, 2 cos(x, y) - r_T(x) - r_S(y), each r the mean cosine with the k nearest words of the other language;
        None: plain cosine.
    among
        Rows of the source words to search for a target's nearest; None: those of ``pairs``.

    Raises
    ------
    DataError
        If there is no pair or no target.
    ConfigError
        If k is below 1.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [0, 1], [0.9, 0.1], [0.7, 0.7]], np.float32)
    >>> evaluate_translation(vectors, np.array([[0, 2], [1, 3]]), np.array([2, 3]), neighbours=None)
    TranslationReport(precision=1.0, sources=2, targets=2)
    """
    if not len(pairs) or not len(targets):
        raise DataError("no pair of the dictionary has vectors of both its words: use vectors of more words")
    if neighbours is not None and neighbours < 1:
        raise ConfigError(f"neighbours must be at least 1, {neighbours} found: 10 is usual, None is plain cosine")
    asked = np.unique(pairs[:, 0])
    units = _unit(vectors[targets])
    scores = _unit(vectors[asked]) @ units.T
    if neighbours is not None:
        back = _unit(vectors[asked if among is None else np.unique(among)]) @ units.T
        # r_T(x) is the same for all targets of a source, so it does not change which is nearest.
        scores = 2 * scores - _nearest_mean(back.T, neighbours)
    answers = targets[scores.argmax(1)]
    known = set(map(tuple, pairs.tolist()))
    right = [pair in known for pair in zip(asked.tolist(), answers.tolist(), strict=True)]
    return TranslationReport(float(np.mean(right)), len(asked), len(targets))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / divisors(vectors)[:, None], np.float32)


def _nearest_mean(cosines: NDArray[np.float32], neighbours: int) -> NDArray[np.float32]:
    k = min(neighbours, cosines.shape[1])
    return np.asarray(np.partition(cosines, -k, axis=1)[:, -k:].mean(1), np.float32)
