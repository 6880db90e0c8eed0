"""A text classifier judged on labelled texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.label_forms import label_form
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import axes, check_labels, check_same_length, check_texts, check_weights
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
    """How well texts are classified.

    Attributes
    ----------
    report
        Accuracy, precision, recall and F1.
    calibration
        How well the probabilities are calibrated.
    texts, gold
        What was judged: texts, and the numbers of their labels, (texts,); of several at once 1 and 0, (texts, labels).
    chances
        The predicted probability of each label, (texts, labels).
    """

    report: ClassificationReport | LabelsReport
    calibration: CalibrationReport
    texts: list[str] = field(repr=False)
    gold: NDArray[np.int64] = field(repr=False)
    chances: NDArray[np.float64] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        return {**self.report.as_dict(), "calibration": self.calibration.as_dict()}


@dataclass(frozen=True)
class Truth:
    """Labelled texts beside what a classifier knows.

    Attributes
    ----------
    texts
        The texts.
    classes
        The classifier's labels, and behind them those that it does not know.
    gold
        The number of each text's label, (texts,); of several at once 1 and 0, (texts, labels).
    """

    texts: list[str]
    classes: list[Any]
    gold: NDArray[np.int64]


def read_truth(classifier: TextClassifier, texts: Any, labels: Any) -> Truth:
    """Read labelled texts to judge a fitted classifier by.

    Raises
    ------
    DataError
        Where there is no text, or texts and labels do not belong together.
    """
    found, classes = check_texts(texts), classifier.classes_.tolist()
    if not found:
        raise DataError("texts: none found, there is nothing to judge by")
    if classifier.several_:
        gold = Targets.of(labels, classifier.classes_, several=True).matrix()
    else:
        form = label_form(labels)
        if axes(form) == 2:
            raise DataError("labels: one label of each text is expected, a matrix found: give them as one axis")
        own = check_labels(form)
        _check_kind(own, classifier.classes_)
        classes += [label for label in dict.fromkeys(own.tolist()) if label not in classes]
        numbers = {label: place for place, label in enumerate(classes)}
        gold = np.array([numbers[label] for label in own.tolist()], np.int64)
    check_same_length(found, gold)
    return Truth(found, classes, gold)


def _check_kind(labels: NDArray[Any], classes: NDArray[Any]) -> None:
    if len(labels) and (labels.dtype.kind in "US") != (classes.dtype.kind in "US"):
        raise DataError(f"labels[0] is {labels.tolist()[0]!r}, of another kind than {classes.tolist()[0]!r}")


def judge_texts(classifier: TextClassifier, texts: Any, labels: Any) -> TextJudgement:
    """Judge a fitted classifier; a label that it does not know counts as misclassified; see `read_truth`."""
    truth = read_truth(classifier, texts, labels)
    chances, gold, names = classifier.predict_proba(truth.texts), truth.gold, tuple(map(str, truth.classes))
    if classifier.several_:
        report: Any = evaluate_labels(gold, (chances > 0.5).astype(np.int64), names)
    else:
        chances = np.pad(chances, ((0, 0), (0, len(names) - chances.shape[1])))
        report = evaluate_classification(gold, chances.argmax(1), names)
    calibration = evaluate_calibration(chances, gold, several=classifier.several_)
    return TextJudgement(report, calibration, truth.texts, gold, chances)


def share_right(classifier: TextClassifier, texts: Any, labels: Any, sample_weight: Any) -> float:
    """Return the accuracy, by weight; see `read_truth`."""
    truth = read_truth(classifier, texts, labels)
    predicted = classifier.predict(truth.texts)
    if not classifier.several_:
        predicted = np.searchsorted(classifier.classes_, predicted)
    right = (predicted == truth.gold).reshape(len(truth.texts), -1).all(1)
    return float(np.average(right, weights=check_weights(sample_weight, len(truth.texts))))
