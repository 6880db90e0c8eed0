"""Evaluation of a text classifier on labelled texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.inputs.texts import check_weights
from mt2st.estimators.outputs.truth import Truth, read_truth
from mt2st.evaluation import (
    CalibrationReport,
    ClassificationReport,
    LabelsReport,
    evaluate_calibration,
    evaluate_classification,
    evaluate_labels,
)
from mt2st.evaluation.several_labels import all_right, is_known

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


@dataclass(frozen=True)
class TextJudgement:
    """The result of an evaluation.

    Attributes
    ----------
    report
        Accuracy, precision, recall and F1.
    calibration
        How well the probabilities are calibrated.
    texts, gold
        The texts, and the numbers of their labels, (texts,); with several labels per text 1 and 0, or -1 if not known,
        (texts, labels).
    probabilities
        The predicted probability of each label, (texts, labels).
    """

    report: ClassificationReport | LabelsReport
    calibration: CalibrationReport
    texts: list[str] = field(repr=False)
    gold: NDArray[np.int64] = field(repr=False)
    probabilities: NDArray[np.float64] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        return {**self.report.as_dict(), "calibration": self.calibration.as_dict()}


def judge_texts(classifier: TextClassifier, texts: Any, labels: Any) -> TextJudgement:
    """Evaluate a fitted classifier; a label that it does not know counts as misclassified; see `read_truth`."""
    truth = read_truth(classifier, texts, labels)
    probabilities, gold = _widened(classifier.predict_proba(truth.texts), truth), truth.gold
    names = tuple(map(str, truth.classes))
    if classifier.several_:
        report: Any = evaluate_labels(gold, (probabilities > 0.5).astype(np.int64), names)
    else:
        report = evaluate_classification(gold, probabilities.argmax(1), names)
    calibration = evaluate_calibration(probabilities, gold, several=classifier.several_)
    return TextJudgement(report, calibration, truth.texts, gold, probabilities)


def share_right(classifier: TextClassifier, texts: Any, labels: Any, sample_weight: Any) -> float:
    """Return the weighted accuracy; see `read_truth`."""
    truth = read_truth(classifier, texts, labels)
    said = classifier.predict(truth.texts)
    predicted = _widened(said, truth) if classifier.several_ else np.searchsorted(classifier.classes_, said)
    weights = check_weights(sample_weight, len(truth.texts)) * is_known(truth.gold)
    return float(np.average(all_right(truth.gold, predicted), weights=weights))


def _widened(said: NDArray[Any], truth: Truth) -> NDArray[Any]:
    """Return the predictions padded with 0 for labels that the classifier does not know, (texts, labels)."""
    return np.pad(said, ((0, 0), (0, len(truth.classes) - said.shape[1])))
