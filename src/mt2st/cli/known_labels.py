"""Matching the labels of a file with those of a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from mt2st.errors import DataError, counted, listed
from mt2st.evaluation.tag_schemes import OUTSIDE, parse_tag
from mt2st.text.parameters import told

if TYPE_CHECKING:
    from mt2st.estimators.inputs.labelled_sets import LabelledSet

TRUTH = {"true": 1.0, "false": 0.0}


def as_known(known_texts: LabelledSet, classes: Sequence[str], path: str) -> LabelledSet:
    """Return a file's examples with each label replaced by the name of its class, see `named_as`.

    Warns of labels that the model does not know.

    Raises
    ------
    DataError
        If the model knows none of the labels, instead of giving meaningless measures of 0.
    """
    found = known_texts.renamed(named_as(classes))
    _check_some_known(list(dict.fromkeys(found.names())), classes, path)
    warn_of_unknown(found.names(), classes, path)
    return found


def warn_of_unknown(labels: Iterable[str], classes: Iterable[str], path: str) -> None:
    """Print a warning if the model does not know some of the labels, which lowers every measure."""
    known = set(classes)
    unknown = [label for label in labels if label not in known]
    if unknown:
        kinds = dict.fromkeys(unknown)
        told_wrong = f"{counted(len(kinds), 'label')} that the model does not know, so misclassified"
        times = f" {len(unknown):,} times" if len(unknown) > len(kinds) else ""
        typer.echo(f"warning: {path}: {told_wrong}{times}: {listed(map(repr, kinds))}", err=True)


def check_tags_known(tags: Iterable[str | None], classes: Iterable[str], path: str) -> None:
    """Raise `DataError` if the model knows none of a file's tags, or of the types of spans that they mark."""
    _check_some_known(_kinds(tags), _kinds(classes), path)


def _check_some_known(labels: Sequence[str], classes: Sequence[str], path: str) -> None:
    if labels and set(labels).isdisjoint(classes):
        there, known = (listed(map(repr, some)) for some in (labels, classes))
        remedy = f"see {told('label_column')}"
        raise DataError(f"the model knows none of the labels ({there}), but {known}: {remedy}", path=path)


def _kinds(tags: Iterable[str | None]) -> list[str]:
    """Return the types of spans that the tags mark, in any scheme, or the tags themselves; not O, which all have."""
    names = sorted({tag for tag in tags if tag not in (None, OUTSIDE)})
    try:
        return sorted({parse_tag(name).type for name in names})
    except DataError:
        return names


def named_as(classes: Iterable[str]) -> Callable[[Any], str]:
    """Return a function from a file's label to the name of its class; numbers and truth values are compared by value.

    Examples
    --------
    >>> name = named_as(["0.0", "1.0", "01"])
    >>> name("0"), name("2"), name("1.0"), name("1")  # which might be 1.0 or 01
    ('0.0', '2', '1.0', '1')
    >>> named_as(["10", "20"])("1_0")
    '1_0'
    >>> named_as(["False", "True"])("true")
    'True'
    """
    names = set(classes)
    alike = defaultdict(list)
    for each in names:
        alike[_value(each)].append(each)

    def name(label: Any) -> str:
        own = str(label)
        same = alike.get(_value(own), [])
        return same[0] if own not in names and len(same) == 1 else own

    return name


def _value(name: str) -> float | str:
    """Return the number that a label stands for, 1 for true and 0 for false; other labels unchanged."""
    try:
        if "_" not in name:  # Python reads 1_0 as 10
            return TRUTH[name.lower()] if name.lower() in TRUTH else float(name)
    except ValueError:
        pass
    return name
