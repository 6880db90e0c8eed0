"""An estimator's parameters, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mt2st.errors import ConfigError
from mt2st.estimators.inputs.bounds import Bounds, check_flag, check_number, is_number
from mt2st.estimators.inputs.fit_settings import FitSettings
from mt2st.estimators.inputs.strategy_choice import find_strategy
from mt2st.strategies import Strategy, Switch

WHOLE = {
    "vector_size": Bounds(True, 0, 65_537),
    "min_count": Bounds(True, 1),
    "pair_min_count": Bounds(True, 1),
    "workers": Bounds(True, 1, 1025),
}
# From a hundred times this C on, fits do not converge.
STRONGEST = 1e12
NOT_NEGATIVE, SEED = Bounds(False, 0), Bounds(True, 0, 2**63)


def check_parameters(given: Mapping[str, Any]) -> FitSettings:
    """Return the parameters of `mt2st.TextClassifier`, checked.

    Raises
    ------
    ConfigError
        Names one that is out of its bounds.
    """
    for name, bounds in WHOLE.items():
        check_number(name, given[name], bounds)
    check_flag("pairs", given["pairs"])
    check_flag("ngrams", given["ngrams"], "auto")
    ngrams = given["ngrams"]
    return FitSettings(
        strategy=_strategy(given["strategy"]),
        passes=_passes(given["passes"]),
        **{name: int(given[name]) for name in WHOLE},
        pairs=bool(given["pairs"]),
        ngrams=None if isinstance(ngrams, str) else bool(ngrams),
        costs=_costs(given["C"]),
        seed=_seed(given["random_state"]),
    )


def _passes(passes: Any) -> float | None:
    if isinstance(passes, str) and passes == "auto":
        return None
    if not is_number(passes, NOT_NEGATIVE):
        raise ConfigError(f"passes must be a number from 0 on, {passes!r} found; 'auto' goes by the amount of text")
    return float(passes)


def _costs(cost: Any) -> tuple[float] | None:
    if cost is None:
        return None
    if not is_number(cost) or not 0 < cost <= STRONGEST:
        raise ConfigError(f"C must be a number above 0, up to {STRONGEST:g}, {cost!r} found; None finds it")
    return (float(cost),)


def _seed(seed: Any) -> int:
    if seed is None:
        return int(np.random.default_rng().integers(2**31))
    if isinstance(seed, np.random.RandomState):
        return int(seed.randint(2**31 - 1))
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**31))
    if not is_number(seed, SEED):
        raise ConfigError(f"random_state must be a whole number from 0 to below 2**63, or None, {seed!r} found")
    return int(seed)


def _strategy(strategy: Any) -> Strategy:
    if is_number(strategy):
        if not 0 <= strategy <= 1:
            raise ConfigError(f"strategy is the share of the run with auxiliaries, from 0 to 1, {strategy!r} found")
    elif not (isinstance(strategy, str) and strategy == "auto"):
        return find_strategy(strategy)
    # Scores with few labels are noisy, and vectors improve for a long time: so average four scores, and be patient.
    return Switch(strategy, latest=0.95, window=4, share=0.1, patience=3)
