"""An estimator's parameters, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mt2st.errors import ConfigError
from mt2st.estimators.fit_settings import FitSettings
from mt2st.estimators.strategy_choice import find_strategy
from mt2st.strategies import Strategy, Switch

LEAST = {"vector_size": 0, "min_count": 1, "pair_min_count": 1, "workers": 1}


def check_parameters(given: Mapping[str, Any]) -> FitSettings:
    """Return the parameters of `mt2st.TextClassifier`, checked.

    Raises
    ------
    ConfigError
        Names one that is out of its bounds.
    """
    for name, least in LEAST.items():
        if not isinstance(given[name], int | np.integer) or given[name] < least:
            raise ConfigError(f"{name} must be a whole number, {least} or more, {given[name]!r} found")
    if not 0 <= given["passes"] < float("inf"):
        raise ConfigError(f"passes must be finite and 0 or more, {given['passes']!r} found")
    cost, seed, ngrams = given["C"], given["random_state"], given["ngrams"]
    if cost is not None and not 0 < cost < float("inf"):
        raise ConfigError(f"C must be finite and above 0, {cost!r} found; None finds it")
    if seed is not None and not isinstance(seed, int | np.integer):
        raise ConfigError(f"random_state is a whole number or None, {seed!r} found")
    if ngrams != "auto" and not isinstance(ngrams, bool | np.bool_):
        raise ConfigError(f"ngrams is True, False or 'auto', {ngrams!r} found")
    return FitSettings(
        strategy=_strategy(given["strategy"]),
        passes=float(given["passes"]),
        **{name: int(given[name]) for name in LEAST},
        pairs=bool(given["pairs"]),
        ngrams=None if ngrams == "auto" else bool(ngrams),
        costs=None if cost is None else (float(cost),),
        seed=int(np.random.default_rng().integers(2**31)) if seed is None else int(seed),
    )


def _strategy(strategy: str | float | Strategy) -> Strategy:
    if strategy != "auto" and (isinstance(strategy, str | Strategy) or not isinstance(strategy, int | float)):
        return find_strategy(strategy)
    # Scores of few labels are noisy, and vectors go on getting better for long: means of four scores, thrice low.
    at: Any = strategy
    return Switch(at, latest=0.95, window=4, share=0.1, patience=3)
