"""Auxiliaries as people give them: data with labels of another kind, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.inputs import check_same_length, check_texts
from mt2st.estimators.strategy_choice import LANGUAGE, PRIMARY
from mt2st.estimators.targets import Targets


def check_auxiliary(auxiliary: Any) -> dict[str, Any]:
    """Return auxiliaries by name; none of None.

    Raises
    ------
    ConfigError
        Where there are no names, or one is empty, no string, or taken.

    Examples
    --------
    >>> check_auxiliary({1: ([], [])})
    Traceback (most recent call last):
    mt2st.errors.ConfigError: auxiliary: a name is a string of one character or more, 1 found: rename it
    """
    if auxiliary is None:
        return {}
    if not isinstance(auxiliary, Mapping):
        kind = type(auxiliary).__name__
        raise ConfigError(f"auxiliary must be a dictionary by name, {kind} found: give {{'name': (data, labels)}}")
    for name in auxiliary:
        if not isinstance(name, str) or not name:
            raise ConfigError(f"auxiliary: a name is a string of one character or more, {name!r} found: rename it")
        if name in (PRIMARY, LANGUAGE):
            raise ConfigError(f"auxiliary: {name!r} is the name of a task that there is anyhow: rename it")
    return dict(auxiliary)


def read_helpers(auxiliary: Any) -> dict[str, tuple[list[str], Targets]]:
    """Return the texts and labels of each auxiliary of a text classifier, checked.

    Raises
    ------
    ConfigError, DataError
        Naming the auxiliary.
    """
    return {name: _helper(name, own) for name, own in check_auxiliary(auxiliary).items()}


def _helper(name: str, given: Any) -> tuple[list[str], Targets]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise DataError(f"auxiliary[{name!r}] must be a pair of texts and labels, {type(given).__name__} found")
    texts, what = check_texts(given[0], f"auxiliary[{name!r}] texts"), f"labels of auxiliary[{name!r}]"
    targets = Targets.of(given[1], what=what)
    check_same_length(texts, targets.groups, what)
    return texts, targets
