"""Labelled texts for evaluating a text classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.label_forms import label_form
from mt2st.estimators.inputs.targets import Targets, labels_of_lists
from mt2st.estimators.inputs.texts import axes, check_labels, check_same_length, check_texts
from mt2st.evaluation.several_labels import is_known

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


@dataclass(frozen=True)
class Truth:
    """Labelled texts, with labels numbered as in a classifier.

    Attributes
    ----------
    texts
        The texts.
    classes
        The classifier's labels, followed by those that it does not know.
    gold
        The number of each text's label, (texts,); with several labels per text 1 and 0, or -1 if not known,
        (texts, labels).
    """

    texts: list[str]
    classes: list[Any]
    gold: NDArray[np.int64]


def read_truth(classifier: TextClassifier, texts: Any, labels: Any) -> Truth:
    """Read labelled texts for evaluating a fitted classifier.

    Raises
    ------
    DataError
        If there is no text, no label is known, or texts and labels do not belong together.
    """
    found = check_texts(texts)
    if not found:
        raise DataError("texts: none found, there is nothing to judge by")
    classes, gold = (_several if classifier.several_ else _single)(labels, classifier.classes_.tolist())
    check_same_length(found, gold)
    if not is_known(gold).any():
        raise DataError("labels: none is known of any text, there is nothing to judge by")
    return Truth(found, classes, gold)


def _single(labels: Any, classes: list[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """Return all labels, and the number of each text's label."""
    form = label_form(labels)
    if axes(form) == 2:
        raise DataError("labels: one label of each text is expected, a matrix found: give them as one axis")
    own = check_labels(form)
    names = _with_unknown(classes, own, "labels[0]")
    numbers = {label: place for place, label in enumerate(names)}
    return names, np.array([numbers[label] for label in own.tolist()], np.int64)


def _several(labels: Any, classes: list[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """Return all labels, and 1, 0 or -1 for each text and label."""
    targets = labels if isinstance(labels, Targets) else _targets(labels, classes)
    own = targets.classes.tolist()
    names = _with_unknown(classes, targets.classes, "a label")
    gold = np.full((len(targets.signs), len(names)), -1, np.int64)
    gold[:, [names.index(label) for label in own]] = targets.matrix()
    return names, gold


def _targets(labels: Any, classes: list[Any]) -> Targets:
    form = label_form(labels, column=False)
    if axes(form) == 2:
        return Targets.of(labels, np.array(classes), several=True)
    lists = isinstance(form, list) and all(isinstance(own, list) for own in form)
    named = labels_of_lists(form, "labels") if lists else check_labels([])
    return Targets.of(form, np.array(_with_unknown(classes, named, "a label")), several=True)


def _with_unknown(classes: list[Any], labels: NDArray[Any], which: str) -> list[Any]:
    """Return the classes, followed by the labels that are not among them."""
    own = labels.tolist()
    if own and isinstance(own[0], str) != isinstance(classes[0], str):
        raise DataError(f"{which} is {own[0]!r}, of another kind than {classes[0]!r}")
    known = set(classes)
    return [*classes, *(label for label in dict.fromkeys(own) if label not in known)]
