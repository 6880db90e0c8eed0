"""Measures of multi-label classification: of each label, and over all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

Matrix = NDArray[np.int64]


@dataclass(frozen=True)
class LabelsReport:
    """Measures by label: ``P = right / predicted``, ``R = right / gold``, ``F1 = 2 P R / (P + R)``.

    Attributes
    ----------
    labels
        Their names.
    right, predicted, gold, known
        For each label the numbers of examples correctly predicted, predicted, true, and known to be true or not.
    exact
        Number of examples with all known labels predicted correctly.
    examples
        Number of examples with a known label.
    """

    labels: tuple[str, ...]
    right: tuple[int, ...]
    predicted: tuple[int, ...]
    gold: tuple[int, ...]
    known: tuple[int, ...]
    exact: int
    examples: int

    @property
    def accuracy(self) -> float:
        """Return the share of examples with all known labels predicted correctly."""
        return self.exact / self.examples

    @property
    def micro_f1(self) -> float:
        """Return the F1 over all labels of all examples."""
        return float(self._means()["micro"][2])

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 of the labels that are known of an example."""
        return float(self._means()["macro"][2])

    def of_labels(self) -> NDArray[np.float64]:
        """Return precision, recall and F1 of each label, (labels, 3); 0 / 0 is taken as 0."""
        return _measures(*(np.array(each) for each in (self.right, self.predicted, self.gold)))

    def _means(self) -> dict[str, NDArray[np.float64]]:
        micro = _measures(*(np.array([sum(each)]) for each in (self.right, self.predicted, self.gold)))[0]
        return {"micro": micro, "macro": self.of_labels()[np.array(self.known) > 0].mean(0)}

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values; micro is over all labels of examples, macro the mean of those known."""
        means, names = self._means(), ("precision", "recall", "f1")
        return {
            "examples": self.examples,
            "accuracy": self.accuracy,
            **{f"{mean}_{name}": float(each[at]) for mean, each in means.items() for at, name in enumerate(names)},
            "labels": list(self.labels),
            "right": list(self.right),
            "predicted": list(self.predicted),
            "gold": list(self.gold),
            "known": list(self.known),
        }


def evaluate_labels(gold: Matrix, predicted: Matrix, labels: tuple[str, ...]) -> LabelsReport:
    """Evaluate multi-label predictions.

    Parameters
    ----------
    gold, predicted
        1 if a label applies, 0 if not, (examples, labels); -1 if unknown, which is ignored.
    labels
        Their names.

    Examples
    --------
    >>> found = evaluate_labels(np.array([[1, 0], [1, 1]]), np.array([[1, 0], [0, 1]]), ("a", "b"))
    >>> found.accuracy, round(found.as_dict()["micro_recall"], 3)
    (0.5, 0.667)
    """
    if gold.shape != predicted.shape or gold.ndim != 2 or not len(gold):
        raise DataError(f"evaluation needs as many predictions as truths, shapes {predicted.shape} and {gold.shape}")
    told = is_known(gold)
    gold, predicted = gold[told], predicted[told]
    if not len(gold):
        raise DataError("no label of any example is known: there is nothing to judge by")
    known, holds, given = gold >= 0, gold > 0, predicted > 0
    right, said, true, judged = (tuple(map(int, each.sum(0))) for each in (holds & given, known & given, holds, known))
    return LabelsReport(labels, right, said, true, judged, int(all_right(gold, predicted).sum()), len(gold))


def is_known(gold: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether any label of each example is known, (examples,); ``gold`` is as in `all_right`."""
    return np.asarray((gold >= 0).reshape(len(gold), -1).any(1))


def all_right(gold: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each example's label, or all its known labels, are predicted correctly, (examples,).

    Parameters
    ----------
    gold, predicted
        Label numbers, (examples,); or as in `evaluate_labels`.

    Examples
    --------
    >>> all_right(np.array([[1, -1], [0, 1]]), np.array([[1, 0], [0, 0]])).tolist()
    [True, False]
    """
    return np.asarray(((gold == predicted) | (gold < 0)).reshape(len(gold), -1).all(1))


def _measures(right: NDArray[Any], predicted: NDArray[Any], gold: NDArray[Any]) -> NDArray[np.float64]:
    parts, wholes = np.stack([right, right, 2 * right], 1), np.stack([predicted, gold, predicted + gold], 1)
    return np.asarray(np.divide(parts, wholes, out=np.zeros(parts.shape), where=wholes > 0))
