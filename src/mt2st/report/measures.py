"""Measures from a confusion matrix: per class, the accuracy of the majority class, an interval for a share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Z = 1.959963984540054  # the 97.5% quantile of the normal distribution


@dataclass(frozen=True, slots=True)
class ClassMeasures:
    """Precision, recall and F1 of one class, with 0 / 0 = 0."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


def confusion_of(part: Mapping[str, Any] | None) -> NDArray[np.int64] | None:
    """Return the square confusion matrix of an evaluated part, None if there is none."""
    rows = (part or {}).get("confusion")
    if not isinstance(rows, Sequence) or not rows or any(len(row) != len(rows) for row in rows):
        return None
    return np.array(rows, np.int64)


def labels_of(part: Mapping[str, Any], classes: int) -> list[str]:
    """Return the names of the classes, or their numbers if the names are missing."""
    labels = [str(label) for label in part.get("labels") or ()]
    return labels if len(labels) == classes else [str(index) for index in range(classes)]


def class_measures(labels: Sequence[str], confusion: NDArray[np.int64]) -> list[ClassMeasures]:
    """Return precision, recall and F1 of every class.

    Examples
    --------
    >>> class_measures(["neg", "pos"], np.array([[1, 1], [0, 2]]))[0]
    ClassMeasures(label='neg', precision=1.0, recall=0.5, f1=0.6666666666666666, support=2)
    """
    return _of_counts(labels, np.diag(confusion), confusion.sum(0), confusion.sum(1))


def measures_of_classes(part: Mapping[str, Any]) -> list[ClassMeasures]:
    """Return precision, recall and F1 of the classes, or labels, of an evaluated part; empty if there are none."""
    confusion = confusion_of(part)
    return label_measures(part) if confusion is None else class_measures(labels_of(part, len(confusion)), confusion)


def label_measures(part: Mapping[str, Any]) -> list[ClassMeasures]:
    """Return precision, recall and F1 of each of several labels per text; empty if a text has one.

    Examples
    --------
    >>> label_measures({"labels": ["new"], "right": [1], "predicted": [1], "gold": [2]})
    [ClassMeasures(label='new', precision=1.0, recall=0.5, f1=0.6666666666666666, support=2)]
    """
    if "gold" not in part:
        return []
    return _of_counts(part["labels"], *(np.array(part[key], np.int64) for key in ("right", "predicted", "gold")))


def _of_counts(
    labels: Sequence[str], right: NDArray[np.int64], predicted: NDArray[np.int64], support: NDArray[np.int64]
) -> list[ClassMeasures]:
    columns = (_share(right, predicted), _share(right, support), _share(2 * right, predicted + support))
    return [ClassMeasures(*row) for row in zip(labels, *(c.tolist() for c in columns), support.tolist(), strict=True)]


def row_shares(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each count's share of its row, 0 for rows of zeros."""
    return _share(confusion, confusion.sum(1, keepdims=True))


def majority_share(part: Mapping[str, Any]) -> float | None:
    """Return the accuracy of always guessing the most frequent class or tag; None if it is not known."""
    confusion = confusion_of(part)
    return part.get("majority") if confusion is None else float(_share(confusion.sum(1).max(), confusion.sum()))


def share_interval(share: float, examples: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share of ``examples`` independent examples.

    Examples
    --------
    >>> low, high = share_interval(0.704, 722)
    >>> round(low, 3), round(high, 3)
    (0.67, 0.736)
    """
    spread = _Z * _Z / examples
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _share(part: Any, whole: Any) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.zeros(np.broadcast_shapes(np.shape(part), np.shape(whole)))
    np.divide(part, whole, out=shares, where=np.asarray(whole) > 0)
    return shares
