"""Texts of an auxiliary with several labels per text, or with ratings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.datasets import DATASETS, load_rated
from mt2st.errors import DataError
from mt2st.tasks import TargetRows
from mt2st.text import Ragged, tokenize
from mt2st.text.content import content
from mt2st.text.fields import LABEL_NAMES
from mt2st.text.rows import Cell, RowError, Rows, known_label
from mt2st.text.targets import TargetExample, read_columns
from mt2st.training.sources import load_multilabel

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.settings import Auxiliary

SCORE_NAMES = (*LABEL_NAMES, "rating", "score", "stars")
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Targets:
    """Texts, with targets of shape (texts, names), NaN if not known."""

    texts: list[str]
    targets: NDArray[np.float32]
    names: tuple[str, ...]

    def token_lists(self) -> Iterator[list[str]]:
        """Yield the words of every text."""
        return map(tokenize, self.texts)

    def encode(self, features: Encodes) -> TargetRows:
        """Return the texts as numbers."""
        rows = Ragged.from_lists([features.encode(tokens) for tokens in self.token_lists()])
        return TargetRows(rows, self.targets, self.names)

    def without(self, held_out: set[str], path: str) -> tuple[Targets, int]:
        """Return the texts not held out, and the number held out; a target that is never known is a `DataError`."""
        kept = np.array([content(text) not in held_out for text in self.texts], bool)
        targets = self.targets[kept]
        for name, column in zip(self.names, targets.T, strict=True):
            if np.isnan(column).all():
                raise DataError(f"{name!r} is not known of any text: fill some in, or leave the column out", path=path)
        texts = [text for text, keep in zip(self.texts, kept, strict=True) if keep]
        return Targets(texts, targets, self.names), int((~kept).sum())


def read_regression(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Targets, int]:
    """Read ratings: one, from ``label_column``, or several, from ``label_columns``; empty or ``_`` means unknown.

    A named set of rated sentences gives the mean of each sentence's ratings.
    """
    if rows.path in DATASETS:
        return _rated(rows.path).without(held_out, rows.path)
    columns, names = auxiliary.label_columns, tuple(map(str, auxiliary.label_columns)) or ("rating",)
    found = read_columns(
        rows,
        auxiliary.wanted,
        columns or [auxiliary.label_column],
        read_number,
        usual=SCORE_NAMES,
        format=auxiliary.format,
    )
    return _of_columns(found, names).without(held_out, rows.path)


def read_several(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Targets, int]:
    """Read several labels per text, see `mt2st.text.targets.read_multilabel`."""
    found = load_multilabel(auxiliary, rows)
    if auxiliary.label_columns:
        names = tuple(map(str, auxiliary.label_columns))
        return _of_columns(found, names).without(held_out, rows.path)
    return _of_lists(found).without(held_out, rows.path)


def read_number(cell: Cell) -> float:
    """Return a rating, NaN if it is not known.

    Examples
    --------
    >>> [read_number(Cell(value, 1)) for value in (" 4.5", "_", None)]
    [4.5, nan, nan]
    """
    text = known_label(cell.value)
    if text is None:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > LARGEST:
        rule = "write it as 4.5, or leave it empty where it is not known; without a header it is the first column"
        message = f"the rating {text!r} is not a number: {rule}"
        raise RowError("not a number", message, *cell[1:])
    return value


def _of_columns(found: Sequence[TargetExample], names: tuple[str, ...]) -> Targets:
    unknown = [math.nan] * len(names)
    targets = [unknown if each.targets is None else each.targets for each in found]
    return Targets([each.text for each in found], np.array(targets, np.float32).reshape(-1, len(names)), names)


def _of_lists(found: Sequence[TargetExample]) -> Targets:
    names = tuple(sorted({label for each in found for label in each.targets or ()}))
    numbers = [
        each.targets if each.targets is None else [float(name in each.targets) for name in names] for each in found
    ]
    return _of_columns([replace(each, targets=own) for each, own in zip(found, numbers, strict=True)], names)


def _rated(name: str) -> Targets:
    if DATASETS[name].kind != "rated":
        raise DataError(f"the data set {name!r} has no ratings: see mt2st data list")
    found = load_rated(name)
    ratings = np.array([[sentence.rating] for sentence in found], np.float32)
    return Targets([sentence.text for sentence in found], ratings, ("rating",))
