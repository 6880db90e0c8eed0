"""Labels as an estimator's user has them, and as the convex end wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs import check_labels
from mt2st.estimators.probe import class_signs


@dataclass(frozen=True)
class Targets:
    """What every text is to be told as.

    Attributes
    ----------
    classes
        The labels, in order.
    signs
        See `mt2st.estimators.probe.class_signs`; with several labels at once 1 and -1, (texts, classes).
    several
        Whether a text may have several labels.
    groups
        A number of each text's label, or set of labels, (texts,).
    """

    classes: NDArray[Any]
    signs: NDArray[np.float64]
    several: bool
    groups: NDArray[np.int32]

    @classmethod
    def of(cls, labels: Any, classes: NDArray[Any] | None = None) -> Targets:
        """Read labels: one of each text; or several, as lists or as a matrix of ones and zeros.

        Raises
        ------
        DataError
            Where there is only one class, or a label is none of ``classes``.
        """
        if getattr(labels, "ndim", 1) == 2:
            return cls._of_matrix(np.asarray(labels), classes)
        values = labels.tolist() if hasattr(labels, "tolist") else labels
        if isinstance(values, Sequence) and values and all(isinstance(each, list | tuple | set) for each in values):
            return cls._of_lists(values, classes)
        return cls._of_labels(check_labels(labels), classes)

    @classmethod
    def _of_labels(cls, labels: NDArray[Any], classes: NDArray[Any] | None) -> Targets:
        found = np.unique(labels) if classes is None else np.asarray(classes)
        if len(found) < 2:
            raise DataError(f"labels have {len(found)} class{'es' * (len(found) != 1)}, two or more are needed")
        places = np.searchsorted(found, labels).clip(0, len(found) - 1)
        if (found[places] != labels).any():
            unseen = labels[found[places] != labels][0]
            raise DataError(
                f"the label {unseen!r} is none of {', '.join(map(repr, found.tolist()))}: name it in classes"
            )
        return cls(
            found, class_signs(places.astype(np.int32), len(found)), several=False, groups=places.astype(np.int32)
        )

    @classmethod
    def _of_lists(cls, labels: Sequence[Any], classes: NDArray[Any] | None) -> Targets:
        every = [label for own in labels for label in own]
        found = np.unique(check_labels(every)) if classes is None else np.asarray(classes)
        places = {label: place for place, label in enumerate(found.tolist())}
        matrix = np.zeros((len(labels), len(found)), np.int64)
        for row, own in enumerate(labels):
            for label in own:
                if label not in places:
                    raise DataError(f"labels[{row}]: {label!r} is none of {', '.join(map(repr, found.tolist()))}")
                matrix[row, places[label]] = 1
        return cls._of_matrix(matrix, found)

    @classmethod
    def _of_matrix(cls, matrix: NDArray[Any], classes: NDArray[Any] | None) -> Targets:
        if not np.isin(matrix, (0, 1)).all():
            raise DataError(
                "a matrix of labels holds 1 where a label holds and 0 where it does not: other values found"
            )
        if classes is not None and len(classes) != matrix.shape[1]:
            raise DataError(f"{matrix.shape[1]} columns of labels for {len(classes)} classes: give one for each")
        found = np.arange(matrix.shape[1]) if classes is None else np.asarray(classes)
        groups = np.unique(matrix, axis=0, return_inverse=True)[1].ravel().astype(np.int32)
        if not len(found) or groups.max(initial=0) == 0:
            raise DataError("all texts have the same labels: there is nothing to tell")
        return cls(found, np.where(matrix > 0, 1.0, -1.0), several=True, groups=groups)

    def counts(self, sample_weight: Any, class_weight: Mapping[Any, float] | str | None) -> NDArray[np.float64]:
        """Return what each text counts for each output: its own weight times its class's.

        Raises
        ------
        DataError
            Where weights are not as many as texts, negative, or of a class that there is not.
        """
        own = np.ones(len(self.groups)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        if own.shape != (len(self.groups),) or not np.isfinite(own).all() or (own < 0).any() or not own.any():
            raise DataError(f"sample_weight needs {len(self.groups)} numbers of 0 or more, shape {own.shape} found")
        counts = np.tile(own[:, None], (1, self.signs.shape[1]))
        if class_weight is None:
            return counts
        if self.several:
            raise DataError("class_weight is for one label a text: leave it out, or use sample_weight")
        return counts * self._of_classes(class_weight)[self.groups][:, None]

    def _of_classes(self, class_weight: Mapping[Any, float] | str) -> NDArray[np.float64]:
        if isinstance(class_weight, str):
            if class_weight != "balanced":
                raise DataError(f"class_weight is 'balanced', a dictionary or None, {class_weight!r} found")
            numbers = np.bincount(self.groups, minlength=len(self.classes))
            return len(self.groups) / (len(self.classes) * np.maximum(numbers, 1))
        unknown = set(class_weight) - set(self.classes.tolist())
        if unknown:
            raise DataError(f"class_weight names {', '.join(map(repr, sorted(unknown, key=str)))}, which no text has")
        return np.array([float(class_weight.get(label, 1.0)) for label in self.classes.tolist()])
