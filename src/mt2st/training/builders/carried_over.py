"""Labels of texts, reordered to match another task's order of the same texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks import LabelledRows, TaggedRows, TargetRows
from mt2st.tasks.labelled import UNKNOWN

if TYPE_CHECKING:
    from mt2st.text import Ragged

Texts = LabelledRows | TargetRows | TaggedRows


def carry_over(labels: Texts, texts: Texts, places: NDArray[np.int64]) -> Texts:
    """Return ``texts``, in their order, with the labels that the same texts have in ``labels``.

    Parameters
    ----------
    labels, texts
        Both with tags of tokens, or both with labels of whole texts.
    places
        The index in ``labels`` of each text, (texts,); -1 if it is not there, so that its label is unknown.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> ratings = TargetRows(Ragged.from_lists([[1], [2]]), np.array([[5], [4]], np.float32), ("stars",))
    >>> moods = LabelledRows(Ragged.from_lists([[2], [3], [1]]), np.zeros(3, np.int32), ("good",))
    >>> carry_over(ratings, moods, np.array([1, -1, 0])).targets.tolist()
    [[4.0], [nan], [5.0]]
    """
    absent = places < 0
    if isinstance(labels, TargetRows):
        targets = labels.targets[places]
        targets[absent] = np.nan
        return replace(labels, rows=texts.rows, targets=targets)
    if isinstance(labels, LabelledRows):
        classes = np.where(absent, UNKNOWN, labels.labels[places]).astype(np.int32)
        return LabelledRows(texts.rows, classes, labels.classes, gaps=labels.gaps or bool(absent.any()))
    if not isinstance(texts, TaggedRows):
        raise TypeError(f"tags are carried over to tokens, found {type(texts).__name__}")
    return replace(labels, rows=texts.rows, surface=texts.surface, tags=_tags(labels, texts.rows, places))


def _tags(labels: TaggedRows, rows: Ragged, places: NDArray[np.int64]) -> NDArray[np.int32]:
    tags = np.full(len(rows.ids), UNKNOWN, np.int32)
    known = np.flatnonzero(places >= 0)
    tags[rows.places(known)] = labels.tags[labels.rows.places(places[known])]
    return tags
