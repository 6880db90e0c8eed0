"""An estimator's settings as JSON values, strategies among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mt2st.errors import ConfigError
from mt2st.estimators.strategy_choice import NAMED
from mt2st.strategies import Composed, Strategy

KINDS: dict[str, type[Strategy]] = {**NAMED, Composed.name: Composed}
MARK = "strategy"


def pack(value: Any) -> Any:
    """Return a setting as JSON values.

    Examples
    --------
    >>> from mt2st.strategies import Switch
    >>> packed = pack(Switch(at=0.3))
    >>> packed["strategy"], packed["settings"]["at"], unpack(packed) == Switch(at=0.3)
    ('switch', 0.3, True)
    """
    if isinstance(value, Strategy):
        if KINDS.get(value.name) is not type(value):
            raise ConfigError(f"a strategy of your own, {type(value).__name__}, cannot be saved: set a name first")
        # Not value.settings(): there a strategy within is told in words of its own.
        own = {each.name: pack(getattr(value, each.name)) for each in fields(value) if each.init}
        return {MARK: value.name, "settings": own}
    if isinstance(value, Mapping):
        return {name: pack(each) for name, each in value.items()}
    return value


def unpack(value: Any) -> Any:
    """Return what `pack` was given."""
    if not isinstance(value, Mapping):
        return value
    if set(value) == {MARK, "settings"}:
        return KINDS[value[MARK]](**{name: unpack(each) for name, each in value["settings"].items()})
    return {name: unpack(each) for name, each in value.items()}
