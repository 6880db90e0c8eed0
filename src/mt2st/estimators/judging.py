"""A text classifier judged on labelled texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs import check_labels, check_same_length, check_texts
from mt2st.estimators.targets import Targets
from mt2st.evaluation import (
    CalibrationReport,
    ClassificationReport,
    LabelsReport,
    evaluate_calibration,
    evaluate_classification,
    evaluate_labels,
)

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


@dataclass(frozen=True)
class TextJudgement:
    """How well texts are told.

    Attributes
    ----------
    report
        Accuracy, precision, recall and F1.
    calibration
        Whether probabilities mean what they say.
    texts, gold
        What was judged: texts, and the numbers of their labels, (texts,); of several at once 1 and 0, (texts, labels).
    chances
        How likely each label was said to be, (texts, labels).
    """

    report: ClassificationReport | LabelsReport
    calibration: CalibrationReport
    texts: list[str]
    gold: NDArray[np.int64]
    chances: NDArray[np.float64]

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        return {**self.report.as_dict(), "calibration": self.calibration.as_dict()}


def judge_texts(classifier: TextClassifier, texts: Any, labels: Any) -> TextJudgement:
    """Judge a fitted classifier; a label that it does not know is told wrong.

    Raises
    ------
    DataError
        Where there is no text, or texts and labels do not belong together.
    """
    found = check_texts(texts)
    if not found:
        raise DataError("texts: none found, there is nothing to judge by")
    chances = classifier.predict_proba(found)
    if classifier.several_:
        gold = Targets.of(labels, classifier.classes_).matrix()
        check_same_length(found, gold)
        names = tuple(map(str, classifier.classes_.tolist()))
        report: Any = evaluate_labels(gold, (chances > 0.5).astype(np.int64), names)
        return TextJudgement(report, evaluate_calibration(chances, gold, several=True), found, gold, chances)
    own = check_labels(labels)
    check_same_length(found, own)
    classes = classifier.classes_.tolist()
    classes += [label for label in dict.fromkeys(own.tolist()) if label not in classes]
    numbers = {label: place for place, label in enumerate(classes)}
    gold = np.array([numbers[label] for label in own.tolist()], np.int64)
    chances = np.pad(chances, ((0, 0), (0, len(classes) - chances.shape[1])))
    report = evaluate_classification(gold, chances.argmax(1), tuple(map(str, classes)))
    return TextJudgement(report, evaluate_calibration(chances, gold), found, gold, chances)
