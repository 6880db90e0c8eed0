"""Labels of a file beside those that a model knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mt2st.errors import DataError, listed
from mt2st.text.parameters import told


def named_as(classes: Iterable[Any]) -> Callable[[Any], str]:
    """Return what gives a file's label the name of the class that it is; numbers are compared by value.

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
    """Refuse labels of which a model knows none: a measure of 0 would say nothing of it."""
    found = list(dict.fromkeys(labels))
    if found and set(found).isdisjoint(classes):
        there, known = (listed(map(repr, some)) for some in (found, classes))
        remedy = f"see {told('label_column')}"
        raise DataError(f"the model knows none of the labels ({there}), but {known}: {remedy}", path=path)
