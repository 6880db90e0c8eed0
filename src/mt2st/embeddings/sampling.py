"""Sampling distributions and weights: negatives, subsampling, smooth inverse frequency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError


@dataclass(frozen=True, slots=True)
class AliasTable:
    """A table to draw from a discrete distribution in constant time, by Vose's method.

    A draw picks a column uniformly and returns it with probability ``threshold[column]``, else ``alias[column]``.

    Attributes
    ----------
    threshold
        float32, shape (n,).
    alias
        int32, shape (n,).

    Examples
    --------
    >>> AliasTable.of(np.array([1.0, 3.0])).probabilities().tolist()
    [0.25, 0.75]
    """

    threshold: NDArray[np.float32]
    alias: NDArray[np.int32]

    @classmethod
    def of(cls, weights: NDArray[np.float64]) -> AliasTable:
        """Build the table from weights that need not sum to 1.

        Raises
        ------
        ConfigError
            If no weight is positive, or one is negative or not finite.

        Notes
        -----
        M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
        """
        total = float(np.sum(weights))
        if not np.all(np.isfinite(weights)) or np.any(np.asarray(weights) < 0) or total <= 0:
            raise ConfigError("an alias table needs finite weights of at least 0, one of them above 0")
        left = (np.asarray(weights, np.float64) * (len(weights) / total)).tolist()
        threshold, alias = np.ones(len(left), np.float32), np.arange(len(left), dtype=np.int32)
        small = [i for i, share in enumerate(left) if share < 1.0]
        large = [i for i, share in enumerate(left) if share >= 1.0]
        while small and large:
            low, high = small.pop(), large[-1]
            threshold[low], alias[low] = left[low], high
            left[high] -= 1.0 - left[low]
            if left[high] < 1.0:
                small.append(large.pop())
        return cls(threshold, alias)

    def packed(self) -> NDArray[np.uint64]:
        """Return threshold and alias of each column in one number, for one look-up per draw, shape (n,).

        A column is kept if 32 random bits are below its upper 32 bits; the lower 32 are the alias.
        """
        stands = np.minimum(self.threshold.astype(np.float64) * 2.0**32, 2.0**32 - 1).astype(np.uint64)
        return (stands << np.uint64(32)) | self.alias.astype(np.uint64)

    def probabilities(self) -> NDArray[np.float64]:
        """Return the distribution that the table draws from, shape (n,)."""
        stands = self.threshold.astype(np.float64)
        moved = np.bincount(self.alias, 1.0 - stands, minlength=len(stands))
        return np.asarray((stands + moved) / len(stands), np.float64)


def keep_probability(counts: NDArray[np.int64], sample: float = 1e-3) -> NDArray[np.float32]:
    """Return the probability with which each occurrence of a word is kept in training.

    ``min(1, (sqrt(f / sample) + 1) * sample / f)``, with f the word's relative frequency, as in word2vec's code
    (the paper's formula differs). ``sample=0`` keeps everything.

    Examples
    --------
    >>> keep_probability(np.array([900, 99, 1]), sample=0.01).round(3)
    array([0.117, 0.419, 1.   ], dtype=float32)
    """
    if sample <= 0:
        return np.ones(len(counts), np.float32)
    share = np.maximum(counts, 1) / max(int(np.sum(counts)), 1)
    return np.minimum(1.0, (np.sqrt(share / sample) + 1.0) * sample / share).astype(np.float32)


def smooth_inverse_frequency(frequencies: NDArray[np.float64], a: float = 1e-2) -> NDArray[np.float32]:
    """Return the weight ``a / (a + f(w))`` of each row in a bag, which is lower for frequent words.

    Notes
    -----
    S. Arora, Y. Liang and T. Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017.

    Examples
    --------
    >>> smooth_inverse_frequency(np.array([0.09, 0.0]), a=0.01).round(2)
    array([0.1, 1. ], dtype=float32)
    """
    return (a / (a + frequencies)).astype(np.float32)
