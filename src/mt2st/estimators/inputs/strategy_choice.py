"""The strategy of an estimator: a strategy object, or the name of one with its defaults."""

from __future__ import annotations

from collections.abc import Sequence

from mt2st.errors import ConfigError, did_you_mean
from mt2st.strategies import Clock, Feedback, Strategy
from mt2st.strategies.registry import BY_NAME

# Names of the tasks that an estimator adds itself.
PRIMARY, LANGUAGE = "primary", "unlabelled text"


def find_strategy(strategy: object) -> Strategy:
    """Return the strategy of a name, or the strategy itself.

    Examples
    --------
    >>> find_strategy("pretrain")
    PretrainThenFinetune(at=0.2, time='fraction', weight=1.0)
    """
    if isinstance(strategy, Strategy):
        return strategy
    if not isinstance(strategy, str) or strategy not in BY_NAME:
        near = did_you_mean(strategy, BY_NAME) if isinstance(strategy, str) else f"; known: {', '.join(BY_NAME)}"
        raise ConfigError(f"strategy must be a name or one of mt2st's strategies, {strategy!r} found{near}")
    return BY_NAME[strategy]()


def watches(strategy: Strategy) -> bool:
    """Return whether a strategy depends on the primary's development score."""
    return isinstance(strategy, Feedback) or getattr(strategy, "at", None) == "auto"


def bind(strategy: Strategy, auxiliaries: Sequence[str], steps: int, passes: float) -> Strategy:
    """Return the strategy bound to the tasks, on a clock of ``steps`` steps plus those that the strategy adds."""
    return strategy.bind(PRIMARY, auxiliaries, Clock(strategy.whole(steps, len(auxiliaries)), steps / passes))


def primary_share(bound: Strategy) -> float:
    """Return the share of the steps at which the primary is trained, as known beforehand.

    Examples
    --------
    >>> from mt2st import PretrainThenFinetune
    >>> primary_share(bind(PretrainThenFinetune(at=0.2), ["pos"], 100, 10.0))
    0.8
    """
    steps = range(bound.total_steps)
    return sum(bound.primary_weight(step) > 0 for step in steps) / len(steps)
