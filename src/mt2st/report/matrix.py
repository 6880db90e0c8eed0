"""The confusion matrix as a table, shaded by share of the row; of many classes only the most confused ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.report.measures import class_measures, confusion_of, labels_of, row_shares
from mt2st.report.record import Json
from mt2st.report.wording import count

# Limits up to which columns have names instead of numbers; maximum classes of the matrix and rows of classes.
FEW_CLASSES, SHORT_LABEL = 6, 14
MOST, MOST_ROWS = 24, 500


def matrix_content(test: Json) -> dict[str, Any]:
    """Return the page's content about classes and their confusion; empty lists if there is no matrix."""
    confusion = confusion_of(test)
    if confusion is None:
        return {"labels": [], "classes": [], "confusion": [], "numbered": False, "small": False, "left_out": 0}
    labels = labels_of(test, len(confusion))
    rows = class_measures(labels, confusion)
    frequent = sorted(rows, key=lambda row: -row.support)[:MOST_ROWS] if len(rows) > MOST_ROWS else rows
    names, counts = most_confused_classes(labels, confusion)
    shares = row_shares(counts)
    cells = [list(zip(*row, strict=True)) for row in zip(counts.tolist(), shares.tolist(), strict=True)]
    narrow = len(names) <= FEW_CLASSES and max(map(len, names)) <= SHORT_LABEL
    shape = {"numbered": not narrow, "small": narrow, "left_out": len(rows) - len(frequent)}
    return {"labels": names, "classes": frequent, "confusion": cells, **shape}


def most_confused_classes(
    labels: list[str], confusion: NDArray[np.int64], most: int = MOST
) -> tuple[list[str], NDArray[np.int64]]:
    """Return the matrix of the classes with most mistakes, in order, with all others summed as one.

    Examples
    --------
    >>> labels, counts = most_confused_classes(["a", "b", "c"], np.array([[9, 0, 0], [0, 1, 2], [1, 3, 0]]), most=2)
    >>> labels, counts.tolist()
    (['c', '2 others'], [[0, 4], [2, 10]])
    """
    if len(labels) <= most:
        return labels, confusion
    wrong = confusion.sum(0) + confusion.sum(1) - 2 * np.diag(confusion)
    kept = np.sort(np.argsort(-wrong, kind="stable")[: most - 1])
    place = np.full(len(labels), len(kept))
    place[kept] = np.arange(len(kept))
    found = np.zeros((len(kept) + 1, len(kept) + 1), np.int64)
    np.add.at(found, (place[:, None], place[None, :]), confusion)
    return [*(labels[at] for at in kept), f"{count(len(labels) - len(kept))} others"], found
