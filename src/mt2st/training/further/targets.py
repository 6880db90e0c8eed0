"""Texts of an auxiliary with several labels at once, or with ratings."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.datasets import DATASETS, load_rated
from mt2st.errors import DataError
from mt2st.tasks import TargetRows
from mt2st.text import Ragged, tokenize
from mt2st.text.content import content
from mt2st.text.fields import LABEL_NAMES, TEXT_NAMES
from mt2st.text.named_fields import Field, read_fields
from mt2st.text.parameters import told
from mt2st.text.rows import Cell, RowError, Rows, check_text, known_label

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.settings import Auxiliary

SCORE_NAMES = (*LABEL_NAMES, "rating", "score", "stars")
LARGEST = float(np.finfo(np.float32).max)
YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")


@dataclass(frozen=True)
class Targets:
    """Texts, with targets of shape (texts, names), NaN where not known."""

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
        """Return what is not held out, and how many texts were; a target that is never known is a `DataError`."""
        kept = np.array([content(text) not in held_out for text in self.texts], bool)
        targets = self.targets[kept]
        for name, column in zip(self.names, targets.T, strict=True):
            if np.isnan(column).all():
                raise DataError(f"{name!r} is not known of any text: fill some in, or leave the column out", path=path)
        texts = [text for text, keep in zip(self.texts, kept, strict=True) if keep]
        return Targets(texts, targets, self.names), int((~kept).sum())


def read_regression(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Targets, int]:
    """Read ratings: one in ``label_column``, or several, in ``label_columns``; empty or ``_`` where not known.

    A named set of rated sentences gives the mean of each sentence's ratings.
    """
    if rows.path in DATASETS:
        return _rated(rows.path).without(held_out, rows.path)
    return _columns(auxiliary, rows, SCORE_NAMES, read_number).without(held_out, rows.path)


def read_multilabel(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Targets, int]:
    """Read labels that may hold at once: a column of 1 and 0 for each, or one column that lists those that hold.

    In columns of their own, an empty cell or ``_`` is a label that is not known. In a list it is a row of which none is
    known; a row that has none of the labels is listed as ``-``.
    """
    if rows.path in DATASETS:
        raise DataError(f"the data set {rows.path!r} has one label per text: use kind = 'classification'")
    found = _columns(auxiliary, rows, (), read_yes_or_no) if auxiliary.label_columns else _lists(auxiliary, rows)
    return found.without(held_out, rows.path)


def read_number(cell: Cell) -> float:
    """Return a rating, NaN of one that is not known.

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


def read_yes_or_no(cell: Cell) -> float:
    """Return 1 of a label that holds and 0 of one that does not, NaN where that is not known.

    Examples
    --------
    >>> [read_yes_or_no(Cell(value, 1)) for value in ("1", "False", None)]
    [1.0, 0.0, nan]
    """
    text = known_label(cell.value)
    if text is None:
        return math.nan
    if text.lower() not in YES + NO:
        message = f"{cell.value!r} does not say whether the label holds: write 1 or 0, or nothing where not known"
        raise RowError("not 1 or 0", message, *cell[1:])
    return float(text.lower() in YES)


def read_list(cell: Cell, separator: str) -> list[str] | None:
    """Return the labels that hold, from a JSON list or parted by ``separator``; none of ``-``, None where not known.

    Examples
    --------
    >>> [read_list(Cell(value, 1), ",") for value in ("rude, spam", '["rude"]', "-", None)]
    [['rude', 'spam'], ['rude'], [], None]
    """
    text = known_label(cell.value)
    if text is None:
        return None
    labels = [] if text == "-" else text.split(separator)
    if text.startswith("["):
        try:
            labels = [str(label) for label in json.loads(text)]
        except json.JSONDecodeError as error:
            raise RowError("JSON syntax", f"not a JSON list ({error.msg}): correct it", *cell[1:]) from error
    labels = [label.strip() for label in labels]
    if not all(labels):
        raise RowError("empty label", f"an empty label in {text!r}: remove the surplus {separator!r}", *cell[1:])
    return labels


def _text(auxiliary: Auxiliary) -> Field:
    return Field("text", auxiliary.text_column, TEXT_NAMES)


def _columns(auxiliary: Auxiliary, rows: Rows, usual: tuple[str, ...], read: Callable[[Cell], float]) -> Targets:
    columns: list[str | int | None] = [*auxiliary.label_columns] or [auxiliary.label_column]
    fields = [Field("label", column, usual) for column in columns]
    texts, targets = [], []

    def parse(cells: list[Cell]) -> tuple[str, list[float]]:
        return check_text(cells[-1]), [read(cell) for cell in cells[:-1]]

    records = read_fields(rows.path, [*fields, _text(auxiliary)], rows, format=auxiliary.format)
    for text, values in rows.good(records, parse):
        texts.append(text)
        targets.append(values)
    names = tuple(str(column) for column in columns) if auxiliary.label_columns else ("rating",)
    return Targets(texts, np.array(targets, np.float32).reshape(len(texts), len(names)), names)


def _lists(auxiliary: Auxiliary, rows: Rows) -> Targets:
    texts, lists = [], []

    def parse(cells: list[Cell]) -> tuple[str, list[str] | None]:
        return check_text(cells[1]), read_list(cells[0], auxiliary.label_separator)

    fields = [Field("label", auxiliary.label_column, (*LABEL_NAMES, "labels", "tags")), _text(auxiliary)]
    for text, labels in rows.good(read_fields(rows.path, fields, rows, format=auxiliary.format), parse):
        texts.append(text)
        lists.append(labels)
    names = tuple(sorted({label for labels in lists for label in labels or ()}))
    if not names:
        raise DataError(f"no text has a label: see {told('label_column')}", path=rows.path)
    unknown = [math.nan] * len(names)
    targets = [unknown if labels is None else [float(name in labels) for name in names] for labels in lists]
    return Targets(texts, np.array(targets, np.float32), names)


def _rated(name: str) -> Targets:
    if DATASETS[name].kind != "rated":
        raise DataError(f"the data set {name!r} has no ratings: see mt2st data list")
    found = load_rated(name)
    ratings = np.array([[sentence.rating] for sentence in found], np.float32)
    return Targets([sentence.text for sentence in found], ratings, ("rating",))
