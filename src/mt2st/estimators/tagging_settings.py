"""The settings of a tagger, checked when it is fitted."""

from __future__ import annotations

import math
import numbers
from typing import Any, NamedTuple

from mt2st.errors import ConfigError, did_you_mean

ENCODERS = ("window", "bilstm")


class Bounds(NamedTuple):
    """What a number must be; ``below`` is not reached."""

    whole: bool
    low: float
    below: float = math.inf


BOUNDS = {
    "vector_size": Bounds(True, 1, 65_537),
    "vector_epochs": Bounds(True, 1),
    "min_count": Bounds(True, 1),
    "hidden_size": Bounds(True, 1, 65_537),
    "passes": Bounds(False, 1e-9),
    "auxiliary_passes": Bounds(False, 1e-9),
    "dropout": Bounds(False, 0, 1),
    "development": Bounds(False, 1e-9, 1),
    "seed": Bounds(True, 0, 2**63),
    "workers": Bounds(True, 1, 1025),
}


def check_settings(settings: dict[str, Any]) -> None:
    """Refuse a setting of the wrong type or out of its bounds.

    Examples
    --------
    >>> check_settings({"encoder": "window", "passes": 0})
    Traceback (most recent call last):
    mt2st.errors.ConfigError: passes must be a number from 1e-09 on, 0 found
    """
    encoder = settings["encoder"]
    if encoder not in ENCODERS:
        raise ConfigError(f"encoder {encoder!r} is unknown{did_you_mean(str(encoder), ENCODERS)}")
    for name, value in settings.items():
        if name in BOUNDS and not _within(value, BOUNDS[name]):
            whole, low, below = BOUNDS[name]
            kind = "a whole number" if whole else "a number"
            upper = "on" if below == math.inf else f"to below {below:g}"
            raise ConfigError(f"{name} must be {kind} from {low:g} {upper}, {value!r} found")


def _within(value: Any, bounds: Bounds) -> bool:
    kind = numbers.Integral if bounds.whole else numbers.Real
    return isinstance(value, kind) and not isinstance(value, bool) and bounds.low <= value < bounds.below  # type: ignore[operator]
