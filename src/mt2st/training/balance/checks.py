"""What is refused before anything is trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mt2st.errors import ConfigError, MissingExtraError


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


def no_closure(task: str, step: int) -> ConfigError:
    """Return the error of a task that runs and has nothing to run."""
    return ConfigError(f"{task} runs at step {step} and has no closure: give {task}=lambda: ..., see active({step})")
