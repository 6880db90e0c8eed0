"""Class weights: the weight of texts of each class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError, listed
from mt2st.estimators.inputs.bounds import is_number


def weights_of_classes(
    class_weight: Mapping[Any, float] | str, classes: NDArray[Any], groups: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return the weight of each class.

    Parameters
    ----------
    class_weight
        Weights by class, 1 for classes not in it; or ``"balanced"``: texts / (classes * texts of the class).
    classes, groups
        The labels, and the number of each text's label.

    Raises
    ------
    DataError
        If a weight is for an unknown class, or is not a number of 0 or more.

    Examples
    --------
    >>> weights_of_classes("balanced", np.array(["no", "yes"]), np.array([0, 0, 0, 1], np.int32)).round(2).tolist()
    [0.67, 2.0]
    """
    if isinstance(class_weight, str) and class_weight == "balanced":
        numbers = np.bincount(groups, minlength=len(classes))
        return np.asarray(len(groups) / (len(classes) * np.maximum(numbers, 1)))
    return _told(class_weight, classes)


def weights_of_labels(
    class_weight: Mapping[Any, float] | str, classes: NDArray[Any], signs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weight of each text for each label, (texts, labels), if a text may have several.

    Parameters
    ----------
    class_weight
        By label, the weight for it of texts that have it, 1 for labels not in it; or ``"balanced"``: for each label,
        texts that have it weigh texts / (2 * texts that have it), and likewise those that do not; texts of which it is
        not known are not counted.
    classes, signs
        The labels, and 1 if one applies, -1 if it does not and 0 if that is not known, (texts, labels).

    Raises
    ------
    DataError
        As `weights_of_classes`.

    Examples
    --------
    >>> signs = np.array([[1.0], [-1.0], [-1.0], [-1.0]])
    >>> weights_of_labels("balanced", np.array(["yes"]), signs)[:2, 0].round(2).tolist()
    [2.0, 0.67]
    >>> weights_of_labels({"yes": 5}, np.array(["yes"]), signs)[:2, 0].tolist()
    [5.0, 1.0]
    """
    holds = signs > 0
    if isinstance(class_weight, str) and class_weight == "balanced":
        having, known = holds.sum(0), (signs != 0).sum(0)
        return np.asarray(known / (2 * np.maximum(np.where(holds, having, known - having), 1)))
    return np.where(holds, _told(class_weight, classes), 1.0)


def _told(class_weight: Mapping[Any, float] | str, classes: NDArray[Any]) -> NDArray[np.float64]:
    if not isinstance(class_weight, Mapping):
        raise DataError(f"class_weight is 'balanced', a dictionary or None, {class_weight!r} found")
    unknown = set(class_weight) - set(classes.tolist())
    if unknown:
        raise DataError(f"class_weight names {listed(map(repr, sorted(unknown, key=str)))}, which no text has")
    for label, weight in class_weight.items():
        if not is_number(weight) or weight < 0:
            raise DataError(f"class_weight of {label!r} must be a finite number of 0 or more, {weight!r} found")
    return np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
