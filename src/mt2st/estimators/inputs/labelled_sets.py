"""Labelled files of each kind: reading them, and converting the examples for estimators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from mt2st.estimators.inputs.targets import Targets
from mt2st.text.rows import Rows
from mt2st.text.tagged import read_tagged
from mt2st.training.settings.labelled import LabelledSource
from mt2st.training.sources import load_examples, load_multilabel


@dataclass(frozen=True)
class LabelledSet:
    """Texts with labels, or sentences with tags.

    Attributes
    ----------
    texts, labels
        In the form that an estimator's ``fit`` accepts.
    documents
        The document of each text; None if the file does not say.
    """

    texts: list[Any]
    labels: Any
    documents: list[str | None]

    def __len__(self) -> int:
        return len(self.texts)

    def pair(self) -> tuple[list[Any], Any]:
        """Return texts and labels."""
        return self.texts, self.labels

    def renamed(self, name: Callable[[Any], str]) -> LabelledSet:
        """Return the same with labels renamed."""
        if isinstance(self.labels, Targets):
            classes = np.array(list(map(name, self.labels.classes.tolist())))
            return replace(self, labels=replace(self.labels, classes=classes))
        return replace(
            self, labels=[list(map(name, own)) if isinstance(own, list) else name(own) for own in self.labels]
        )

    def names(self) -> list[Any]:
        """Return the labels of all texts in one list, whether a text has one or several; of `Targets`, the classes."""
        if isinstance(self.labels, Targets):
            return list(self.labels.classes.tolist())
        return list(chain.from_iterable(own if isinstance(own, list) else [own] for own in self.labels))


class Found(NamedTuple):
    """Examples with a known label, those without, and the number of rows left out by reason."""

    known: list[Any]
    without: list[Any]
    skipped: Mapping[str, int]


def read_labelled(data: str, source: LabelledSource, on_bad_rows: str, *, to_learn: bool = True) -> Found:
    """Read the examples of a file; tagged sentences all count as known.

    Raises
    ------
    DataError
        If a row cannot be read, or with ``to_learn`` there are no labels to tell apart.
    """
    rows = Rows(data, on_bad_rows == "skip")
    if source.kind == "tagging":
        columns = {"token_column": source.text_column, "tag_column": source.label_column}
        return Found(read_tagged(data, format=source.format, rows=rows, **columns), [], rows.skipped)
    if source.kind == "multilabel":
        several = load_multilabel(source, rows, to_learn=to_learn)
        known = [each.targets is not None for each in several]
        return _parted(several, known, rows.skipped)
    found = load_examples(
        source, data, on_bad_rows=on_bad_rows, require_labels=True, keep_unlabelled=True, to_learn=to_learn
    )
    return _parted(found.examples, [each.label is not None for each in found], found.skipped)


def _parted(examples: Sequence[Any], known: Sequence[bool], skipped: Mapping[str, int]) -> Found:
    pairs = list(zip(examples, known, strict=True))
    return Found([each for each, own in pairs if own], [each for each, own in pairs if not own], skipped)


def as_labelled_set(examples: Sequence[Any], source: LabelledSource) -> LabelledSet:
    """Convert examples of a file with known labels to the form that estimators accept."""
    texts = [each.tokens if source.kind == "tagging" else each.text for each in examples]
    return LabelledSet(texts, _labels(examples, source), [each.document for each in examples])


def _labels(examples: Sequence[Any], source: LabelledSource) -> Any:
    if source.kind == "tagging":
        return [list(each.tags) for each in examples]
    if source.kind == "classification":
        return [each.label for each in examples]
    own = [each.targets for each in examples]
    if not source.label_columns:
        return own
    names = np.array(list(map(str, source.label_columns)))
    return Targets.of(np.array(own).reshape(-1, len(names)), names, several=True)
