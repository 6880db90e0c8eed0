"""Examples from a named set or a file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from mt2st.datasets import DATASETS, load_rated, path_of, read_lines
from mt2st.errors import DataError, counted, did_you_mean, listed
from mt2st.text import Example, Examples, read_examples
from mt2st.text.parameters import told
from mt2st.text.rows import Rows
from mt2st.text.targets import TargetExample, read_multilabel
from mt2st.training.settings.labelled import LabelledSource, Source


def load_examples(
    source: Source,
    data: str,
    *,
    on_bad_rows: str,
    require_labels: bool,
    keep_unlabelled: bool = False,
    to_learn: bool = True,
) -> Examples:
    """Read one named set or file; with ``keep_unlabelled``, rows whose label is not known become unlabelled examples.

    Raises
    ------
    DataError
        With ``file:line:column`` for a bad row; for a named set of the wrong kind; if there is only one class although
        labels are required, and ``to_learn``.
    """
    if data in DATASETS:
        found = _named(data, require_labels)
    else:
        _check_there(data)
        found = read_examples(
            data,
            format=source.format,
            text_column=source.text_column,
            label_column=source.label_column,
            document_column=source.document_column,
            on_bad_rows=on_bad_rows,
            require_labels=require_labels,
            keep_unlabelled=keep_unlabelled or not require_labels,
        )
    if require_labels and to_learn:
        _check_classes(found, data)
    return found


def _check_there(data: str) -> None:
    """Raise `DataError` for a word that is neither a file nor a named set."""
    if not data:
        raise DataError(f"data is empty: name a file, or a set of {listed(DATASETS)}")
    if Path(data).name == data and not Path(data).suffix and not Path(data).exists():
        raise DataError(
            f"there is no such file: check the path, or name a set{did_you_mean(data, DATASETS)}", path=data
        )


def load_multilabel(source: LabelledSource, rows: Rows, *, to_learn: bool = True) -> list[TargetExample]:
    """Read a file with several labels per text, see `mt2st.text.targets.read_multilabel`.

    Raises
    ------
    DataError
        As `read_multilabel`; for a named set; if ``to_learn`` and there is no label.
    """
    if rows.path in DATASETS:
        raise DataError(f"the data set {rows.path!r} has one label per text: use kind = 'classification'")
    found = read_multilabel(
        rows,
        source.wanted,
        columns=source.label_columns,
        separator=source.label_separator,
        format=source.format,
    )
    if to_learn and not source.label_columns and not any(each.targets for each in found):
        raise DataError(f"no text has a label: see {told('label_column')}", path=rows.path)
    return found


def _check_classes(found: Examples, data: str) -> None:
    classes = found.labels_in_order()
    if not classes:
        raise DataError(f"{counted(len(found), 'example')} and no label: see {told('label_column')}", path=data)
    if len(classes) < 2:
        known = len(found) - found.labels.count(None)
        raise DataError(
            f"{counted(known, 'example')} and one label, {classes[0]!r}: give data of two classes or more", path=data
        )


def _named(name: str, require_labels: bool) -> Examples:
    kind = DATASETS[name].kind
    if kind == "rated":
        # A mean rating of exactly 0 is neither positive nor negative.
        rated = [sentence for sentence in load_rated(name) if sentence.rating != 0]
        examples = [Example(s.text, "positive" if s.rating > 0 else "negative", s.document, s.line) for s in rated]
    elif kind == "text" and not require_labels:
        examples = [Example(line) for line in read_lines(name)]
    else:
        raise DataError(f"the data set {name!r} has no labelled sentences to train on: see mt2st data list")
    return Examples(examples, str(path_of(name)), "rated" if kind == "rated" else "lines")


def keep_known_classes(part: list[Example], classes: tuple[str, ...], path: str, on_bad_rows: str) -> list[Example]:
    """Return the examples whose class occurs in training; others are an error, or left out."""
    unknown = [example for example in part if example.label not in classes]
    if unknown and on_bad_rows == "error":
        counts = listed(f"{label!r} ({n})" for label, n in Counter(e.label for e in unknown).items())
        raise DataError(
            f"the class {counts} is in the held-out part but missing from training, which has {listed(classes)}: "
            "give training examples of it, or leave such rows out with --on-bad-rows skip",
            path=path,
            line=unknown[0].line,
            column=unknown[0].column,
        )
    return [example for example in part if example.label in classes]
