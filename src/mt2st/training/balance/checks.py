"""What is refused before anything is trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mt2st.errors import CheckpointError, ConfigError, MissingExtraError

if TYPE_CHECKING:
    from mt2st.strategies import Strategy
    from mt2st.training.balance.kept import KeptStates


def check_start(primary: str, auxiliaries: Sequence[str], drop: float) -> Callable[[], bool]:
    """Refuse a name given twice, and a share that is none; say how to install torch where it is missing.

    Returns what says whether there are several processes, which needs torch.
    """
    try:
        from mt2st.training.ranks.group import several
    except ImportError as error:
        raise MissingExtraError("mt2st.Balance", extra="torch") from error
    if len({primary, *auxiliaries}) != 1 + len(auxiliaries):
        raise ConfigError(f"names of tasks must differ, found {primary!r} and {', '.join(auxiliaries)}")
    if not 0.0 <= drop < 1.0:
        raise ConfigError(f"drop is a share of the schedule's weight, 0 <= drop < 1, found {drop}")
    return several


def check_restores(strategy: Strategy, given: object, name: str) -> None:
    """Refuse a strategy that goes back to earlier states where a model, or its optimisers, are not known."""
    if strategy.restores and not given:
        raise ConfigError(
            f"{type(strategy).__name__} goes back to earlier states: give Balance model= and optimizers= (or attach "
            f"these before training); {name} is missing. Or turn that off with trial=0, depth=0"
        )


def check_kept(strategy: Strategy, kept: KeptStates | None, steps: int) -> None:
    """Refuse to go on in the middle of a run without the earlier states that the strategy may want."""
    if strategy.restores and steps and (kept is None or "start" not in kept):
        raise CheckpointError(
            "the run keeps earlier states: save balance.kept_state_dict() with it, and load that first, by "
            "balance.load_kept_state_dict(...)"
        )


def no_closure(task: str, step: int) -> ConfigError:
    """Return the error of a task that runs and has nothing to run."""
    return ConfigError(f"{task} runs at step {step} and has no closure: give {task}=lambda: ..., see active({step})")
