"""Labelled texts with weights, from which subsets can be taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import check_same_length, check_texts, check_weights
from mt2st.text.content import content
from mt2st.text.reading import swapped


@dataclass(frozen=True)
class Labelled:
    """Texts with their labels and weights.

    Examples
    --------
    >>> data = Labelled.of(["a", "b", "c"], ["no", "yes", "no"])
    >>> data.select(np.array([1, 2])).labels.tolist(), data.truth.tolist()
    (['yes', 'no'], [0, 1, 0])
    """

    texts: list[str]
    targets: Targets
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, texts: Any, labels: Any, weights: Any = None) -> Self:
        """Check texts and labels given by a user; see `mt2st.TextClassifier.fit`."""
        found, targets = check_texts(texts), Targets.of(labels)
        check_pairs(found, targets)
        return cls(found, targets, check_weights(weights, len(found)))

    @classmethod
    def of_validation(cls, texts: Any, labels: Any, known: Targets) -> Self:
        """Check texts to validate on, whose labels are among those trained on."""
        found, what = check_texts(texts, "validation texts"), "labels of validation"
        targets = Targets.of(labels, known.classes, several=known.several, what=what)
        check_same_length(found, targets.groups, what)
        if targets.several != known.several:
            raise DataError(f"{what}: one label of each text is expected, as the training texts have; several found")
        return cls(found, targets, np.ones(len(found)))

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def labels(self) -> Any:
        """Return the labels in a form that `Targets.of` accepts; with several labels per text, the targets."""
        if self.targets.several:
            return self.targets
        return self.targets.classes[self.targets.groups]

    @property
    def truth(self) -> NDArray[np.int64]:
        """Return the number of each text's class, or `Targets.matrix`."""
        return self.targets.matrix() if self.targets.several else self.targets.groups.astype(np.int64)

    def select(self, places: NDArray[np.int64]) -> Self:
        """Return some of the texts."""
        texts = [self.texts[place] for place in places.tolist()]
        return replace(self, texts=texts, targets=self.targets.select(places), weights=self.weights[places])

    def without(self, others: Iterable[str]) -> Self:
        """Return the texts that are not among ``others``, ignoring case and spaces."""
        known = set(map(content, others))
        left = [place for place, text in enumerate(self.texts) if content(text) not in known]
        return self.select(np.array(left, np.int64))


def check_pairs(texts: Sequence[str], targets: Targets, what: str = "labels") -> None:
    """Refuse texts and labels that differ in number, or seem to be swapped."""
    check_same_length(texts, targets.groups, what)
    found = "" if targets.several else swapped(targets.classes, set(texts))
    if found:
        raise DataError(f"{what}: {found}, texts come first")
