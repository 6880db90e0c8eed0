"""Labels, converted from the forms that users give to those that the convex end needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError, counted
from mt2st.estimators.inputs.class_weights import weights_of_classes, weights_of_labels
from mt2st.estimators.inputs.label_forms import column_names, label_form
from mt2st.estimators.inputs.label_reading import Reading
from mt2st.estimators.inputs.signs import class_signs, matrix_signs
from mt2st.estimators.inputs.texts import MOST, axes, check_labels


@dataclass(frozen=True)
class Targets:
    """The labels of texts.

    Attributes
    ----------
    classes
        The labels, in order.
    signs
        See `mt2st.estimators.inputs.signs.class_signs`; with several labels per text, 1 and -1, and 0 if not known,
        (texts, classes).
    several
        Whether a text may have several labels.
    groups
        A number for each text's label, or set of labels, (texts,).
    """

    classes: NDArray[Any]
    signs: NDArray[np.float64]
    several: bool
    groups: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        labels: Any,
        classes: NDArray[Any] | None = None,
        *,
        several: bool = False,
        what: str = "labels",
        remedy: str = "leave it out",
    ) -> Targets:
        """Read labels: one per text; or several, as lists or as a matrix of ones and zeros.

        Parameters
        ----------
        labels
            See `mt2st.estimators.inputs.label_forms.label_form`. The names of a table's columns are its classes, in
            their order; if ``classes`` are given, columns are found by name. Missing values of a matrix (NaN, None, NA)
            are unknown. Targets are returned as they are.
        classes
            All possible labels; None for those that occur.
        several
            Whether it is known that a text may have several.
        what, remedy
            For errors: the name of the labels, and what to do about a label that is not among the classes.

        Raises
        ------
        DataError
            If there is only one class, a label is not among ``classes``, or a label to learn is not known of any text.
        """
        reading = Reading(classes, what, remedy)
        form = labels if isinstance(labels, Targets) else label_form(labels, what, column=not several)
        if isinstance(form, Targets):
            found = form
        elif axes(form) == 2:
            found = cls._of_table(form, column_names(labels, what), reading)
        elif isinstance(form, list) and form and isinstance(form[0], list):
            found = cls._of_lists(form, reading)
        elif several:
            raise DataError(f"{what}: a list of labels for each text, or a matrix, is expected: one label each found")
        else:
            found = cls._of_labels(form, reading)
        if classes is None and not found.varied:
            raise DataError(f"{what}: all texts have the same labels: there is nothing to tell")
        return found

    @classmethod
    def _of_labels(cls, labels: Any, reading: Reading) -> Targets:
        given = check_labels(labels, reading.what)
        found = reading.classes_of(given)
        if len(found) < 2:
            name = reading.what if reading.classes is None else "classes"
            raise DataError(f"{name} have {counted(len(found), 'class', 'classes')}, two or more are needed")
        places = {label: place for place, label in enumerate(found.tolist())}
        own = np.array([reading.place(row, label, places) for row, label in enumerate(given.tolist())], np.int32)
        return cls(found, class_signs(own, len(found)), several=False, groups=own)

    @classmethod
    def _of_lists(cls, labels: Sequence[Sequence[Any]], reading: Reading) -> Targets:
        found = reading.classes_of(labels_of_lists(labels, reading.what))
        places = {label: place for place, label in enumerate(found.tolist())}
        matrix = np.zeros((len(labels), len(found)), np.int64)
        for row, own in enumerate(labels):
            matrix[row, [reading.place(row, label, places) for label in own]] = 1
        return cls._of_matrix(matrix, found, reading)

    @classmethod
    def _of_table(cls, table: NDArray[Any], names: list[Any] | None, reading: Reading) -> Targets:
        if reading.classes is None:
            found = cls._of_matrix(table, np.arange(table.shape[1]) if names is None else np.asarray(names), reading)
            found.check_known(reading.what)
            return found
        return cls._of_matrix(table if names is None else table[:, reading.columns_of(names)], reading.classes, reading)

    @classmethod
    def _of_matrix(cls, matrix: NDArray[Any], classes: NDArray[Any], reading: Reading) -> Targets:
        signs = matrix_signs(matrix, reading.what)
        if len(classes) != matrix.shape[1]:
            columns = counted(matrix.shape[1], "column")
            raise DataError(
                f"{reading.what}: {columns} for {counted(len(classes), 'class', 'classes')}: give one for each"
            )
        return cls(classes, signs, several=True, groups=_sets(signs))

    def followed_by(self, more: Targets) -> Targets:
        """Return the labels of these texts and of more.

        Raises
        ------
        DataError
            If some have one label each, and others several.
        """
        if self.several != more.several:
            raise DataError("labels: earlier texts had one label each, or these have: give all of them lists or none")
        signs = np.concatenate([self.signs, more.signs])
        groups = _sets(signs) if self.several else np.concatenate([self.groups, more.groups])
        return replace(self, signs=signs, groups=groups)

    @property
    def varied(self) -> bool:
        """Return whether there are different labels to tell apart."""
        if not self.several:
            return len(np.unique(self.groups)) > 1
        return bool(((self.signs > 0).any(0) & (self.signs < 0).any(0)).any())

    def check_known(self, what: str) -> None:
        """Refuse a label that is not known of any text, as it cannot be learned."""
        if len(never := self.classes[~self.signs.any(0)]):
            raise DataError(f"{what}: {never.tolist()[0]!r} is not known of any text: leave its column out")

    def select(self, places: NDArray[np.int64]) -> Targets:
        """Return the labels of some of the texts."""
        return replace(self, signs=self.signs[places], groups=self.groups[places])

    def matrix(self) -> NDArray[np.int64]:
        """Return 1 if a label applies, 0 if it does not and -1 if that is not known, (texts, classes)."""
        return np.where(self.signs == 0, -1, self.signs > 0).astype(np.int64)

    def labels(self) -> list[Any]:
        """Return each text's label, or a tuple of labels if a text may have several.

        Examples
        --------
        >>> Targets.of(["b", "a"]).labels(), Targets.of([["b"], ["a", "b"]]).labels()
        (['b', 'a'], [('b',), ('a', 'b')])
        """
        classes = self.classes.tolist()
        if not self.several:
            return [classes[place] for place in self.groups.tolist()]
        return [tuple(label for label, sign in zip(classes, own, strict=True) if sign > 0) for own in self.signs]

    def sample_weight(
        self, own: NDArray[np.float64], class_weight: Mapping[Any, float] | str | None
    ) -> NDArray[np.float64]:
        """Return each text's weight for each output: its own times that of its class or label; 0 if not known.

        Raises
        ------
        DataError
            If a weight is for an unknown class, or not a number of 0 or more; if all weights are 0, or one is above
            `MOST`.
        """
        found: NDArray[np.float64] = own[:, None] * (self.signs != 0)
        if class_weight is not None:
            if self.several:
                found *= weights_of_labels(class_weight, self.classes, self.signs)
            else:
                found *= weights_of_classes(class_weight, self.classes, self.groups)[self.groups][:, None]
        if not found.any():
            raise DataError("class_weight and sample_weight leave no text that counts: give one more than 0")
        if found.max() > MOST:
            raise DataError(f"class_weight, sample_weight: a text counts {found.max():g}, over {MOST:g}: scale them")
        return found


def labels_of_lists(lists: Sequence[Sequence[Any]], what: str) -> NDArray[Any]:
    """Return the labels of all lists, one after the other."""
    try:
        return check_labels(list(chain.from_iterable(lists)), what)
    except DataError:
        for row, own in enumerate(lists):
            check_labels(own, f"{what}[{row}]")  # which names the place in its list, not among all
        raise


def _sets(matrix: NDArray[Any]) -> NDArray[np.int32]:
    """Return a number for each row, equal for equal rows."""
    if not matrix.size:
        return np.zeros(len(matrix), np.int32)
    return np.unique(matrix, axis=0, return_inverse=True)[1].ravel().astype(np.int32)
