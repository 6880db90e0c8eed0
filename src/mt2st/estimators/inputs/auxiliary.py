"""Checks of auxiliaries: data with labels of another kind, by name."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.inputs.labelled import Labelled, check_pairs
from mt2st.estimators.inputs.strategy_choice import LANGUAGE, PRIMARY
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import check_texts


def check_auxiliary(auxiliary: Any) -> dict[str, Any]:
    """Return auxiliaries by name; an empty dictionary for None.

    Raises
    ------
    ConfigError
        If it is not a dictionary, or a name is empty, not a string, or reserved.

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


def read_helpers(auxiliary: Any) -> dict[str, Labelled]:
    """Return the texts and labels of each auxiliary of a text classifier, checked.

    Raises
    ------
    ConfigError, DataError
        Naming the auxiliary.
    """
    return {name: _helper(name, own) for name, own in check_auxiliary(auxiliary).items()}


def without_own(helpers: Mapping[str, Labelled], texts: Sequence[str]) -> dict[str, Labelled]:
    """Return the auxiliaries without the texts that the primary has labels of, too.

    A head that has learned another label of a text knows that text best: if held out of a fold, such texts would seem
    to be classified almost without error, and probabilities would be far too confident.

    Warns
    -----
    UserWarning
        If an auxiliary has no two different labels left, and is left out.
    """
    found = {name: own.without(texts) for name, own in helpers.items()}
    for name, own in found.items():
        if not own.targets.varied:
            left = "without texts that are labelled for the primary it has nothing to tell apart"
            warnings.warn(f"auxiliary[{name!r}] is left out: {left}", stacklevel=4)
    return {name: own for name, own in found.items() if own.targets.varied}


def _helper(name: str, given: Any) -> Labelled:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise DataError(f"auxiliary[{name!r}] must be a pair of texts and labels, {type(given).__name__} found")
    texts, what = check_texts(given[0], f"auxiliary[{name!r}] texts"), f"labels of auxiliary[{name!r}]"
    targets = Targets.of(given[1], what=what)
    check_pairs(texts, targets, what)
    return Labelled(texts, targets, np.ones(len(texts)))
