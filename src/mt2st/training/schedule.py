"""The strategy and the work mode that settings describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mt2st.strategies import (
    Composed,
    Constant,
    Cosine,
    Diminish,
    Every,
    Exact,
    Feedback,
    Linear,
    PretrainThenFinetune,
    SingleTask,
    Skip,
    Strategy,
    Switch,
    Work,
)
from mt2st.strategies.clock import ForFractions, in_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from mt2st.training.settings import Settings, StrategySettings, Training


def make_strategy(settings: Settings) -> Strategy:
    """Return the strategy that the settings describe, not yet bound."""
    if settings.strategy.name != "feedback":
        return make_schedules(settings, settings.strategy)
    watched = settings.feedback.model_dump()
    base, latest = watched.pop("base"), given(settings.strategy, "latest")
    if base in ("switch", "pretrain"):
        in_unit(latest, "strategy.latest", settings.strategy.time)
    at_latest = {"name": base, "at": latest}
    return Feedback(make_schedules(settings, settings.strategy.model_copy(update=at_latest)), **watched)


def total_steps(settings: Settings) -> int:
    """Return the steps of the whole run: ``training.steps`` plus those of trials."""
    return make_strategy(settings).whole(settings.training.steps, len(settings.auxiliary))


def make_schedules(settings: Settings, common: StrategySettings) -> Strategy:
    """Return the common strategy, or one for each auxiliary if any has its own."""
    own = {name: auxiliary.strategy for name, auxiliary in settings.auxiliary.items()}
    if not any(own.values()):
        return make_schedule(common)
    return Composed({name: make_schedule(each or common) for name, each in own.items()})


def make_schedule(settings: StrategySettings) -> Strategy:
    """Return the named strategy with its settings."""
    makers: dict[str, Callable[[StrategySettings], Strategy]] = {
        "single": lambda _: SingleTask(),
        "constant": lambda s: Constant(weight=s.weight),
        "pretrain": lambda s: PretrainThenFinetune(given(s, "latest" if s.at == "auto" else "at"), s.time, s.weight),
        "switch": lambda s: Switch(at=given(s, "at"), time=s.time, weight=s.weight, latest=given(s, "latest")),
        "linear": lambda s: Linear(given(s, "end"), s.weight, s.time),
        "cosine": lambda s: Cosine(given(s, "end"), s.weight, s.time),
        "diminish": lambda s: Diminish(s.weight, given(s, "rate"), s.power, s.time, s.tolerance),
    }
    return makers[settings.name](settings)


def given(settings: StrategySettings, name: str) -> Any:
    """Return a setting; one that was not set is marked as a default in fractions of the run."""
    value = getattr(settings, name)
    return value if name in settings.model_fields_set else ForFractions(value)


def make_work(settings: Training) -> Work:
    """Return the work mode that the settings describe."""
    makers: dict[str, Callable[[Training], Work]] = {
        "skip": lambda s: Skip(s.skip_floor),
        "exact": lambda _: Exact(),
        "every": lambda s: Every(s.every),
    }
    return makers[settings.work](settings)
