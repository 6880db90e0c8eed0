"""Nested values by their full names, and what differs between two sets of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mt2st.errors import listed


def flat(values: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    """Return nested values by their full names.

    Examples
    --------
    >>> flat({"training": {"seed": 1, "steps": 200}})
    {'training.seed': 1, 'training.steps': 200}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= flat(value, f"{place}{name}.") if isinstance(value, dict) else {f"{place}{name}": value}
    return found


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Return, in words, the first values that differ; a value that one side lacks is None.

    Examples
    --------
    >>> differences({"seed": 1, "steps": 200}, {"seed": 3, "steps": 200})
    'seed 1, here 3'
    """
    names = [name for name in {**there, **here} if there.get(name) != here.get(name)]
    return listed(f"{name} {there.get(name)!r}, here {here.get(name)!r}" for name in names)
