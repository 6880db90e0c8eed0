"""Matching the labels of a file with those of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mt2st.errors import DataError, listed
from mt2st.text.parameters import told


def named_as(classes: Iterable[Any]) -> Callable[[Any], str]:
    """Return a function from a file's label to the name of its class; numbers are compared by value.

    Examples
    --------
    >>> name = named_as([0.0, 1.0])
    >>> name("1"), name("0.0"), name("2")
    ('1.0', '0.0', '2')
    """
    numbers = {float(each): str(each) for each in classes if isinstance(each, bool | int | float)}
    names = set(numbers.values())

    def name(label: Any) -> str:
        own = str(label)
        try:
            return own if own in names else numbers.get(float(own), own)
        except ValueError:
            return own

    return name


def check_some_known(labels: Iterable[str], classes: Sequence[str], path: str) -> None:
    """Raise `DataError` if a model knows none of the labels, instead of giving meaningless measures of 0."""
    found = list(dict.fromkeys(labels))
    if found and set(found).isdisjoint(classes):
        there, known = (listed(map(repr, some)) for some in (found, classes))
        remedy = f"see {told('label_column')}"
        raise DataError(f"the model knows none of the labels ({there}), but {known}: {remedy}", path=path)
