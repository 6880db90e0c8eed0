"""Labels as an estimator's user has them, and as the convex end wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs import axes, check_labels, is_missing, values_of
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
        if axes(labels) == 2:
            found = cls._of_matrix(np.asarray(labels), classes)
        else:
            values = values_of(labels) if hasattr(labels, "shape") else labels
            lists = isinstance(values, Sequence) and all(isinstance(each, list | tuple | set) for each in values)
            found = cls._of_lists(values, classes) if lists and len(values) else cls._of_labels(values, classes)
        if classes is None and found.groups.max(initial=0) == 0:
            raise DataError("all texts have the same labels: there is nothing to tell (a matrix must be an array)")
        return found

    @classmethod
    def _of_labels(cls, labels: Any, classes: NDArray[Any] | None) -> Targets:
        given = check_labels(labels)
        found = np.unique(given) if classes is None else np.asarray(classes)
        if len(found) < 2:
            raise DataError(f"labels have {len(found)} class{'es' * (len(found) != 1)}, two or more are needed")
        places = {label: place for place, label in enumerate(found.tolist())}
        for row, label in enumerate(given.tolist()):
            if label not in places:
                raise _unseen(row, label, found)
        own = np.array([places[label] for label in given.tolist()], np.int32)
        return cls(found, class_signs(own, len(found)), several=False, groups=own)

    @classmethod
    def _of_lists(cls, labels: Sequence[Any], classes: NDArray[Any] | None) -> Targets:
        every = [label for own in labels for label in own]
        found = np.unique(check_labels(every)) if classes is None else np.asarray(classes)
        places = {label: place for place, label in enumerate(found.tolist())}
        matrix = np.zeros((len(labels), len(found)), np.int64)
        for row, own in enumerate(labels):
            for label in own:
                if label not in places:
                    raise _unseen(row, label, found)
                matrix[row, places[label]] = 1
        return cls._of_matrix(matrix, found)

    @classmethod
    def _of_matrix(cls, matrix: NDArray[Any], classes: NDArray[Any] | None) -> Targets:
        if not np.isin(matrix, (0, 1)).all():
            raise DataError(
                "a matrix of labels holds 1 where a label holds and 0 where it does not, other values found: "
                "give one label of each text as one axis, labels.ravel()"
            )
        if classes is not None and len(classes) != matrix.shape[1]:
            raise DataError(f"{matrix.shape[1]} columns of labels for {len(classes)} classes: give one for each")
        found = np.arange(matrix.shape[1]) if classes is None else np.asarray(classes)
        return cls(found, np.where(matrix > 0, 1.0, -1.0), several=True, groups=_sets(matrix))

    def followed_by(self, more: Targets) -> Targets:
        """Return the labels of these texts and of more.

        Raises
        ------
        DataError
            Where some have one label each, and others several.
        """
        if self.several != more.several:
            raise DataError("labels: earlier texts had one label each, or these have: give all of them lists or none")
        signs = np.concatenate([self.signs, more.signs])
        groups = _sets(signs) if self.several else np.concatenate([self.groups, more.groups])
        return replace(self, signs=signs, groups=groups)

    def matrix(self) -> NDArray[np.int64]:
        """Return 1 where a label holds and 0 where it does not, (texts, classes).

        Raises
        ------
        DataError
            Where texts have one label each.
        """
        if not self.several:
            raise DataError("labels: a list of labels for each text, or a matrix, is expected: one label each found")
        return (self.signs > 0).astype(np.int64)

    def labels(self) -> list[Any]:
        """Return each text's label; of several at once a tuple of them.

        Examples
        --------
        >>> Targets.of(["b", "a"]).labels(), Targets.of([["b"], ["a", "b"]]).labels()
        (['b', 'a'], [('b',), ('a', 'b')])
        """
        classes = self.classes.tolist()
        if not self.several:
            return [classes[place] for place in self.groups.tolist()]
        return [tuple(label for label, sign in zip(classes, own, strict=True) if sign > 0) for own in self.signs]

    def counts(self, own: NDArray[np.float64], class_weight: Mapping[Any, float] | str | None) -> NDArray[np.float64]:
        """Return what each text counts for each output: its own weight times its class's.

        Raises
        ------
        DataError
            Where a weight is of a class that there is not, or no number of 0 or more.
        """
        counts = np.tile(own[:, None], (1, self.signs.shape[1]))
        if class_weight is None:
            return counts
        if self.several:
            raise DataError("class_weight is for one label a text: leave it out, or use sample_weight")
        counts *= self._of_classes(class_weight)[self.groups][:, None]
        if not counts.any():
            raise DataError("class_weight and sample_weight leave no text that counts: give one more than 0")
        return counts

    def _of_classes(self, class_weight: Mapping[Any, float] | str) -> NDArray[np.float64]:
        if isinstance(class_weight, str):
            if class_weight != "balanced":
                raise DataError(f"class_weight is 'balanced', a dictionary or None, {class_weight!r} found")
            numbers = np.bincount(self.groups, minlength=len(self.classes))
            return len(self.groups) / (len(self.classes) * np.maximum(numbers, 1))
        unknown = set(class_weight) - set(self.classes.tolist())
        if unknown:
            raise DataError(f"class_weight names {', '.join(map(repr, sorted(unknown, key=str)))}, which no text has")
        for label, weight in class_weight.items():
            if is_missing(weight) or not 0 <= weight < float("inf"):
                raise DataError(f"class_weight of {label!r} must be a finite number of 0 or more, {weight!r} found")
        return np.array([float(class_weight.get(label, 1.0)) for label in self.classes.tolist()])


def _sets(matrix: NDArray[Any]) -> NDArray[np.int32]:
    """Return a number of each row, the same for the same rows."""
    if not matrix.size:
        return np.zeros(len(matrix), np.int32)
    return np.unique(matrix, axis=0, return_inverse=True)[1].ravel().astype(np.int32)


def _unseen(row: int, label: Any, classes: NDArray[Any]) -> DataError:
    return DataError(
        f"labels[{row}]: {label!r} is none of {', '.join(map(repr, classes.tolist()))}: name it in classes"
    )
