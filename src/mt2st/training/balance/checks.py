"""Checks of what the user gives to `Balance`, and warnings about how it is called."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mt2st.errors import CheckpointError, ConfigError, MissingExtraError, did_you_mean
from mt2st.strategies.nesting import check_strategy
from mt2st.training.balance.reach import check_number

if TYPE_CHECKING:
    from mt2st.strategies import Strategy, Work
    from mt2st.training.balance.kept import KeptStates


CALLS_AT_LEAST = 100  # fewer calls at step 0 may be gradient accumulation, even in a short run


def check_start(strategy: Strategy, work: Work) -> Callable[[], bool]:
    """Refuse a ``strategy`` or ``work`` of a wrong kind; if torch is missing, say how to install it.

    Returns the function that says whether there are several processes, as importing it needs torch.
    """
    try:
        from mt2st.training.ranks.group import several
    except ImportError as error:
        raise MissingExtraError("mt2st.Balance", extra="torch") from error
    check_strategy(strategy, "strategy")
    if isinstance(work, type) or not callable(getattr(work, "factor", None)):
        raise ConfigError(f"work must be mt2st.Exact(), mt2st.Skip() or mt2st.Every(n), found {work!r}")
    return several


def check_restores(strategy: Strategy, given: object, name: str) -> None:
    """Refuse a strategy that restores earlier states if the model, or its optimisers, were not given."""
    if strategy.restores and not given:
        raise ConfigError(
            f"{type(strategy).__name__} goes back to earlier states: give Balance model= and optimizers= (or attach "
            f"these before training); {name} is missing. Or turn that off with trial=0, depth=0"
        )


def check_kept(strategy: Strategy, kept: KeptStates | None, steps: int) -> None:
    """Refuse to resume in the middle of a run without the earlier states that the strategy may restore."""
    if strategy.restores and steps and (kept is None or "start" not in kept):
        raise CheckpointError(
            "the run keeps earlier states: save balance.kept_state_dict() with it, and load that first, by "
            "balance.load_kept_state_dict(...)"
        )


def check_whole(state: Mapping[str, object], own: Mapping[str, object]) -> None:
    """Refuse a saved state that lacks a key of ``own``, this run's state."""
    if not isinstance(state, Mapping):
        raise CheckpointError(f"the saved state is a {type(state).__name__}: load what balance.state_dict() returned")
    for key, value in own.items():
        if value is not None and key not in state:
            raise CheckpointError(f"the saved state lacks {key!r}: load what balance.state_dict() returned")


def check_heads(heads: Collection[str], auxiliaries: Collection[str], primary: str) -> None:
    """Refuse a head with an unknown name if an auxiliary has no head; extra or missing heads alone are allowed."""
    others = [name for name in heads if name not in auxiliaries and name != primary]
    without = [task for task in auxiliaries if task not in heads]
    if others and without:
        raise ConfigError(
            f"heads must go by the names of tasks, found {others[0]!r}, while {without[0]!r} has none: rename it"
        )


def check_left(step: int, total_steps: int) -> None:
    """Warn at the first step after the last."""
    if step == total_steps:
        warnings.warn(
            f"step {step} is past total_steps={total_steps}: only the primary is trained from here on; give Balance "
            "the steps of the whole run",
            stacklevel=5,
        )


def check_moves(step: int, calls: int, total_steps: int) -> None:
    """Warn once if there were as many calls as the run has steps, but no ``balance.step()``."""
    if step == 0 and calls == max(total_steps, CALLS_AT_LEAST):
        warnings.warn(
            f"{calls} calls at step 0 and total_steps={total_steps}: time stands still, and all auxiliaries keep what "
            "they weigh at first; call balance.step() once for each optimizer.step()",
            stacklevel=5,
        )


def check_observed(strategy: Strategy, step: int) -> None:
    """Warn if a strategy has waited for a score through a quarter of the run; Python shows equal warnings once."""
    if step - strategy.held(step) > strategy.total_steps / 4:
        warnings.warn(
            f"{type(strategy).__name__} has waited for a score through a quarter of the run, while only the primary is "
            "trained: call balance.observe(score) after each evaluation, or evaluate more often",
            stacklevel=5,
        )


def check_together(scheduler: int, balance: int, total_steps: int) -> None:
    """Warn if the steps of a `PhaseLR` and of its balance are over a tenth of the run apart; Python shows it once."""
    if abs(scheduler - balance) > max(total_steps / 10, 1):  # 1: Lightning steps the scheduler first
        warnings.warn(
            "the steps of PhaseLR and its balance are over a tenth of the run apart, and rates follow its own: call "
            "scheduler.step() once after each balance.step() (Lightning: 'interval': 'step'; Accelerate: do not "
            "prepare it), and load the saved states of both",
            stacklevel=5,
        )


def check_names(given: Iterable[str], tasks: Sequence[str]) -> None:
    """Refuse a closure whose name is not a task."""
    for name in given:
        if name not in tasks:
            raise ConfigError(f"there is no task {name!r}{did_you_mean(name, tasks)}")


def explain(closures: Mapping[str, object], losses: Mapping[str, object], step: int) -> None:
    """Refuse closures and losses of a wrong type; called only after a step has failed, so that others cost nothing."""
    for task, closure in closures.items():
        if not callable(closure):
            raise ConfigError(f"{task} must be a closure, found a {type(closure).__name__}: write {task}=lambda: ...")
    for task, loss in losses.items():
        if loss is not None:
            check_number(task, step, loss)


def no_closure(task: str, step: int) -> ConfigError:
    """Return the error for a task that runs at a step but was given no closure."""
    return ConfigError(f"{task} runs at step {step} and has no closure: give {task}=lambda: ..., see active({step})")
