"""The settings of a tagger, checked when it is fitted."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any, NamedTuple

from mt2st.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from mt2st.estimators.token_tagger import TokenTagger

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


def check_settings(tagger: TokenTagger) -> None:
    """Refuse a setting of the wrong type or out of its bounds."""
    if tagger.encoder not in ENCODERS:
        near = did_you_mean(str(tagger.encoder), ENCODERS)
        raise ConfigError(f"encoder {tagger.encoder!r} is unknown{near}")
    for name, bounds in BOUNDS.items():
        check_number(name, getattr(tagger, name), bounds)


def check_number(name: str, value: Any, bounds: Bounds) -> None:
    """Refuse what is no such number.

    Examples
    --------
    >>> check_number("passes", 0, Bounds(False, 1e-9))
    Traceback (most recent call last):
    mt2st.errors.ConfigError: passes must be a number from 1e-09 on, 0 found
    """
    if not _within(value, bounds):
        kind = "a whole number" if bounds.whole else "a number"
        upper = "on" if bounds.below == math.inf else f"to below {bounds.below:g}"
        raise ConfigError(f"{name} must be {kind} from {bounds.low:g} {upper}, {value!r} found")


def _within(value: Any, bounds: Bounds) -> bool:
    kind = numbers.Integral if bounds.whole else numbers.Real
    return isinstance(value, kind) and not isinstance(value, bool) and bounds.low <= value < bounds.below  # type: ignore[operator]
