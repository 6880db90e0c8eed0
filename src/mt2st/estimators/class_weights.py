"""What texts of each class count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.bounds import is_number


def weights_of_classes(
    class_weight: Mapping[Any, float] | str, classes: NDArray[Any], groups: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return the weight of each class.

    Parameters
    ----------
    class_weight
        By class, 1 where it says nothing; or ``"balanced"``: texts / (classes * texts of the class).
    classes, groups
        The labels, and the number of each text's.

    Raises
    ------
    DataError
        Where a weight is of a class that there is not, or no number of 0 or more.

    Examples
    --------
    >>> weights_of_classes("balanced", np.array(["no", "yes"]), np.array([0, 0, 0, 1], np.int32)).round(2).tolist()
    [0.67, 2.0]
    """
    if isinstance(class_weight, str) and class_weight == "balanced":
        numbers = np.bincount(groups, minlength=len(classes))
        return np.asarray(len(groups) / (len(classes) * np.maximum(numbers, 1)))
    if not isinstance(class_weight, Mapping):
        raise DataError(f"class_weight is 'balanced', a dictionary or None, {class_weight!r} found")
    unknown = set(class_weight) - set(classes.tolist())
    if unknown:
        raise DataError(f"class_weight names {', '.join(map(repr, sorted(unknown, key=str)))}, which no text has")
    for label, weight in class_weight.items():
        if not is_number(weight) or weight < 0:
            raise DataError(f"class_weight of {label!r} must be a finite number of 0 or more, {weight!r} found")
    return np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
