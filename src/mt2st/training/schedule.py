"""The strategy and the work mode that settings describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.strategies import (
    Constant,
    Cosine,
    Diminish,
    Every,
    Exact,
    Linear,
    PretrainThenFinetune,
    SingleTask,
    Skip,
    Strategy,
    Switch,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mt2st.training.settings import StrategySettings, Training


def make_strategy(settings: StrategySettings) -> Strategy:
    """Return the strategy that the settings describe, not yet bound."""
    makers: dict[str, Callable[[StrategySettings], Strategy]] = {
        "single": lambda _: SingleTask(),
        "constant": lambda s: Constant(weight=s.weight),
        "pretrain": lambda s: PretrainThenFinetune(s.latest if s.at == "auto" else s.at, s.time, s.weight),
        "switch": lambda s: Switch(at=s.at, time=s.time, weight=s.weight, latest=s.latest),
        "linear": lambda s: Linear(s.end, s.weight, s.time),
        "cosine": lambda s: Cosine(s.end, s.weight, s.time),
        "diminish": lambda s: Diminish(s.weight, s.rate, s.power, s.time, s.tolerance),
    }
    return makers[settings.name](settings)


def make_work(settings: Training) -> Work:
    """Return the work mode that the settings describe."""
    makers: dict[str, Callable[[Training], Work]] = {
        "skip": lambda s: Skip(s.skip_floor),
        "exact": lambda _: Exact(),
        "every": lambda s: Every(s.every),
    }
    return makers[settings.work](settings)
