"""Checks of strategies nested in others."""

from __future__ import annotations

from typing import Any

from mt2st.errors import ConfigError
from mt2st.strategies.strategy import Strategy


def check_strategy(found: Any, name: str) -> None:
    """Raise `ConfigError` if a value is not a strategy.

    Examples
    --------
    >>> check_strategy("diminish", "strategy")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: strategy must be one of mt2st's strategies, as mt2st.Diminish(), found 'diminish'
    """
    if not isinstance(found, Strategy):
        known = isinstance(found, type) and issubclass(found, Strategy)
        what = f"the class {found.__name__}: write {found.__name__}()" if known else repr(found)
        raise ConfigError(f"{name} must be one of mt2st's strategies, as mt2st.Diminish(), found {what}")


def check_part(found: Any, name: str) -> None:
    """Raise `ConfigError` if a value is not a strategy, or is one that needs the whole run."""
    check_strategy(found, name)
    if found.outermost:
        kind = type(found).__name__
        raise ConfigError(
            f"{name} cannot be a {kind}, which tries all auxiliaries and goes back to earlier states of the whole run: "
            f"put {kind} around the rest, as {kind}(Composed(...))"
        )
