"""Accuracy, and macro and weighted precision, recall and F1, from a confusion matrix."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError


def confusion_matrix(gold: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Count examples by gold class (rows) and predicted class (columns).

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    cells = np.asarray(gold, np.int64) * classes + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Divide, with 0 / 0 = 0, as with scikit-learn's ``zero_division=0``."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


@dataclass(frozen=True)
class ClassificationReport:
    """The standard measures of a classifier on a set of examples.

    Macro is the unweighted mean over classes, weighted the mean weighted by the classes' shares of the gold labels. A
    class that is never predicted has precision 0.
    """

    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    weighted_precision: float
    weighted_recall: float
    weighted_f1: float

    @property
    def examples(self) -> int:
        """Return the number of examples."""
        return sum(map(sum, self.confusion))

    @property
    def measure(self) -> str:
        """Return the name of the measure that training uses."""
        return "accuracy"

    @property
    def score(self) -> float:
        """Return the accuracy."""
        return self.accuracy

    @property
    def noise(self) -> float:
        """Return the accuracy's standard error, ``sqrt(p (1 - p) / n)``."""
        return math.sqrt(self.accuracy * (1.0 - self.accuracy) / self.examples)

    def scores(self) -> dict[str, float]:
        """Return the measures to follow in training."""
        return {"accuracy": self.accuracy, "macro_f1": self.macro_f1}

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        measures = {
            f"{mean}_{measure}": getattr(self, f"{mean}_{measure}")
            for mean in ("macro", "weighted")
            for measure in ("precision", "recall", "f1")
        }
        return {
            "examples": self.examples,
            "accuracy": self.accuracy,
            **measures,
            "labels": list(self.labels),
            "confusion": [list(row) for row in self.confusion],
        }


def evaluate_classification(
    gold: NDArray[np.int64], predicted: NDArray[np.int64], labels: tuple[str, ...]
) -> ClassificationReport:
    """Evaluate predicted against gold class numbers.

    Parameters
    ----------
    gold, predicted
        Class numbers into ``labels``, both of shape (examples,).
    labels
        The names of the classes.

    Examples
    --------
    >>> report = evaluate_classification(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), ("neg", "pos"))
    >>> report.accuracy, round(report.macro_f1, 4)
    (0.75, 0.7333)
    """
    if len(gold) != len(predicted) or len(gold) == 0:
        raise DataError(f"evaluation needs as many predictions as examples, found {len(predicted)} and {len(gold)}")
    confusion = confusion_matrix(gold, predicted, len(labels))
    right, support = np.diag(confusion), confusion.sum(1)
    precision, recall = _share(right, confusion.sum(0)), _share(right, support)
    f1 = _share(2 * right, confusion.sum(0) + support)
    # As in scikit-learn: the macro mean excludes classes that neither occur nor are predicted.
    present = (support > 0) | (confusion.sum(0) > 0)
    means = {"macro": present / present.sum(), "weighted": support / support.sum()}
    measures = {
        f"{mean}_{name}": float(values @ weights)
        for mean, weights in means.items()
        for name, values in (("precision", precision), ("recall", recall), ("f1", f1))
    }
    rows = tuple(tuple(int(cell) for cell in row) for row in confusion)
    return ClassificationReport(labels, rows, float(right.sum() / len(gold)), **measures)
