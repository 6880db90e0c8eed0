"""An estimator's settings, including strategies, and labels as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, DataError
from mt2st.strategies import Composed, Strategy
from mt2st.strategies.registry import BY_NAME

KINDS: dict[str, type[Strategy]] = {**BY_NAME, Composed.name: Composed}
MARK, PAIRS = "strategy", "pairs"


def pack_settings(estimator: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return some of an estimator's settings as JSON values.

    Raises
    ------
    ConfigError
        If one has no JSON value; it names the setting.
    """
    return {name: pack(getattr(estimator, name), name) for name in names}


def pack(value: Any, name: str = "the setting") -> Any:
    """Return a setting as JSON values; a dictionary as pairs, as keys need not be strings.

    Raises
    ------
    ConfigError
        If it has no JSON value.

    Examples
    --------
    >>> from mt2st.strategies import Switch
    >>> packed = pack(Switch(at=0.3))
    >>> packed["strategy"], packed["settings"]["at"], unpack(packed) == Switch(at=0.3)
    ('switch', 0.3, True)
    >>> pack({0: np.float64(5.0)}), unpack(pack({0: 5.0}))
    ({'pairs': [[0, 5.0]]}, {0: 5.0})
    """
    if isinstance(value, Strategy):
        return _strategy(value)
    if isinstance(value, Mapping):
        return {PAIRS: [[pack(key, name), pack(each, name)] for key, each in value.items()]}
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is not None and not isinstance(plain, str | int | float):
        remedy = "set a number, a string or a strategy by set_params, which leaves the model as it is, and save again"
        raise ConfigError(f"{name} {value!r:.60} cannot be saved: {remedy}")
    return plain


def _strategy(value: Strategy) -> dict[str, Any]:
    if KINDS.get(value.name) is not type(value):
        raise ConfigError(f"a strategy of your own, {type(value).__name__}, cannot be saved: set a name first")
    # Not value.settings(), which describes nested strategies in another form.
    own = {each.name: pack(getattr(value, each.name)) for each in fields(value) if each.init}
    return {MARK: value.name, "settings": own}


def unpack(value: Any) -> Any:
    """Return the value that `pack` was given; also read dictionaries of earlier versions, whose keys were strings."""
    if not isinstance(value, Mapping):
        return value
    if set(value) == {PAIRS} and isinstance(value[PAIRS], list):
        return {name: unpack(each) for name, each in value[PAIRS]}
    if set(value) == {MARK, "settings"}:
        return KINDS[value[MARK]](**{name: unpack(each) for name, each in value["settings"].items()})
    return {name: unpack(each) for name, each in value.items()}


def pack_labels(classes: NDArray[Any]) -> list[Any]:
    """Return labels as JSON values.

    Raises
    ------
    DataError
        If one has no JSON value, such as bytes and dates.
    """
    found: list[Any] = classes.tolist()
    for label in found:
        if not isinstance(label, str | int | float):
            kind = type(label).__name__
            raise DataError(f"the label {label!r} ({kind}) cannot be saved: make labels strings or numbers, then fit")
    return found
