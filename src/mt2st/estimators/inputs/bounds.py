"""Checks of parameters: numbers within bounds, and flags."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from mt2st.errors import ConfigError
from mt2st.strategies.checks import real


class Bounds(NamedTuple):
    """The type and bounds of a number; ``below`` is exclusive."""

    whole: bool
    low: float
    below: float = math.inf


# Any finite number.
ANY = Bounds(False, -math.inf)


def check_number(name: str, value: Any, bounds: Bounds) -> None:
    """Refuse a value that is not a number within bounds; True and False are not numbers.

    Examples
    --------
    >>> check_number("passes", 0, Bounds(False, 1e-9))
    Traceback (most recent call last):
    mt2st.errors.ConfigError: passes must be a number from 1e-09 on, 0 found
    """
    if not is_number(value, bounds):
        kind = "a whole number" if bounds.whole else "a number"
        upper = "on" if bounds.below == math.inf else f"to below {bounds.below:g}"
        raise ConfigError(f"{name} must be {kind} from {bounds.low:g} {upper}, {value!r} found")


def is_number(value: Any, bounds: Bounds = ANY) -> bool:
    """Return whether a value is a number within bounds; infinities and NaN are not."""
    found = real(value)
    kind = int if bounds.whole else int | float
    return found is not None and isinstance(found, kind) and bounds.low <= found < bounds.below


def check_flag(name: str, value: Any, other: Any = None) -> None:
    """Refuse a value that is neither True nor False nor ``other``.

    Examples
    --------
    >>> check_flag("pairs", "no")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: pairs must be True or False, 'no' found
    """
    if isinstance(value, bool | np.bool_) or (other is not None and isinstance(value, str) and value == other):
        return
    kinds = "True or False" if other is None else f"True, False or {other!r}"
    raise ConfigError(f"{name} must be {kinds}, {value!r} found")
