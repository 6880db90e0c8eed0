"""Results on held-out examples, and the standard error of the difference between two models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, did_you_mean
from mt2st.evaluation.several_labels import all_right, is_known

Doubles = NDArray[np.float64]
METRICS = ("accuracy", "macro_f1")
DRAWS = 500


@dataclass(frozen=True, repr=False)
class HeldOutCounts:
    """Counts for each held-out example, so that any subset of them has a score.

    Attributes
    ----------
    counts
        (examples, columns). ``"accuracy"``: the number of correct predictions, and of all. ``"f1"`` and ``"macro_f1"``:
        the number of correct predictions, of predictions, and of true labels or spans, for each class in turn.
    metric
        The score to compute from their sum.
    places
        Indices of the examples, (examples,); equal in two results that are compared.
    """

    counts: Doubles
    metric: str
    places: NDArray[np.int64]

    def __repr__(self) -> str:
        """Show the score on all examples."""
        return f"HeldOutCounts({self.metric} {self.score:.4f} of {len(self.places)} examples)"

    @property
    def score(self) -> float:
        """Return the score on all examples."""
        return float(measure(self.metric, self.counts.sum(0)))

    def at(self, places: NDArray[np.int64]) -> HeldOutCounts:
        """Return the counts of some of the examples, in the order of ``places``."""
        order = np.argsort(self.places)
        rows = order[np.searchsorted(self.places, places, sorter=order)]
        return HeldOutCounts(self.counts[rows], self.metric, places)

    def wins_by(self, other: HeldOutCounts, seed: int) -> tuple[float, float]:
        """Return the difference of this score to another on the same examples, and its standard error.

        The error is by bootstrap: the deviation over draws of the examples with replacement, the same draws for both.
        """
        if not np.array_equal(self.places, other.places):
            raise ValueError("two judgements are of different examples")
        size = len(self.counts)
        random = np.random.Generator(np.random.Philox(key=seed))
        draws = random.multinomial(size, np.full(size, 1 / size), DRAWS).astype(np.float64)
        spread = measure(self.metric, draws @ self.counts) - measure(other.metric, draws @ other.counts)
        return self.score - other.score, float(spread.std(ddof=1))


def measure(metric: str, total: Doubles) -> Doubles:
    """Return the score for sums of counts, (..., columns).

    Examples
    --------
    >>> measure("accuracy", np.array([3.0, 4.0])).item()
    0.75
    >>> measure("macro_f1", np.array([1.0, 2.0, 1.0, 0.0, 0.0, 1.0])).round(3).item()  # 2/3 of one class, 0 of another
    0.333
    """
    if metric == "accuracy":
        return np.asarray(total[..., 0] / np.maximum(total[..., 1], 1e-12))
    parts = total.reshape(*total.shape[:-1], -1, 3)
    right, told, there = parts[..., 0], parts[..., 1], parts[..., 2]
    # A class that occurs neither in the truth nor in the predictions is left out.
    seen = told + there > 0
    return np.asarray((2 * right / np.maximum(told + there, 1e-12)).sum(-1) / np.maximum(seen.sum(-1), 1))


def count_labels(
    truth: NDArray[np.int64], told: NDArray[np.int64], weights: Doubles, metric: str, classes: int
) -> Doubles:
    """Return the counts for one label per example, or for several as ones and zeros; see `HeldOutCounts`.

    Parameters
    ----------
    truth, told
        True and predicted class numbers, or matrices (examples, labels), with -1 if the truth is not known.
    weights
        The weight of each example.
    metric
        ``"accuracy"``: the share of examples with all labels correct; ``"macro_f1"``: the mean F1 of classes.
    classes
        The number of classes.

    Examples
    --------
    >>> count_labels(np.array([0, 1, 1]), np.array([0, 0, 1]), np.ones(3), "accuracy", 2)[:, 0]
    array([1., 0., 1.])
    """
    if metric == "accuracy":
        weights = weights * is_known(truth)
        return np.stack([all_right(truth, told) * weights, weights], 1)
    if truth.ndim == 1:
        truth, told = (each[:, None] == np.arange(classes) for each in (truth, told))
    parts = np.stack([(truth > 0) & (told > 0), (truth >= 0) & (told > 0), truth > 0], 2).astype(np.float64)
    return (parts * weights[:, None, None]).reshape(len(truth), -1)


def check_metric(metric: str) -> None:
    """Refuse an unknown metric."""
    if metric not in METRICS:
        raise ConfigError(f"metric {metric!r} is unknown{did_you_mean(str(metric), METRICS)}")


def joined(parts: Sequence[HeldOutCounts]) -> HeldOutCounts:
    """Merge results; counts of the same example are added.

    Examples
    --------
    >>> first = HeldOutCounts(np.array([[1.0, 1.0], [0.0, 1.0]]), "accuracy", np.array([4, 7]))
    >>> again = HeldOutCounts(np.array([[1.0, 1.0], [1.0, 1.0]]), "accuracy", np.array([7, 4]))
    >>> joined([first, again]).counts.tolist(), joined([first, again]).places.tolist()
    ([[2.0, 2.0], [1.0, 2.0]], [4, 7])
    """
    places, rows = np.unique(np.concatenate([each.places for each in parts]), return_inverse=True)
    counts = np.zeros((len(places), parts[0].counts.shape[1]))
    np.add.at(counts, rows, np.concatenate([each.counts for each in parts]))
    return HeldOutCounts(counts, parts[0].metric, places)
