"""Validation of strategies' settings: numbers out of range, unknown words and names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

from mt2st.errors import ConfigError, did_you_mean

PerTask = float | Mapping[str, float]


def real(value: Any) -> int | float | None:
    """Return a number as Python's int or float, for JSON, or None for anything else: strings, True, infinities, NaN.

    Examples
    --------
    >>> [real(value) for value in (3, 0.5, True, "3", inf)]
    [3, 0.5, None, None, None]
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isfinite(value) else None


def measured(value: Any, name: str) -> float:
    """Return a number of Python, NumPy or torch, NaN and infinities too, as Python's float; else raise `ConfigError`.

    Examples
    --------
    >>> measured(3, "score"), measured(inf, "score")
    (3.0, inf)
    """
    try:
        if isinstance(value, str):  # float would read it
            raise TypeError(value)
        return float(value.detach() if hasattr(value, "detach") else value)  # torch warns of a loss with its graph
    except (TypeError, ValueError, RuntimeError) as error:
        raise ConfigError(f"{name} must be a number, found {value!r}") from error


def number(
    value: Any, name: str, low: float = 0.0, high: float = inf, *, above: bool = False, under: bool = False
) -> float:
    """Return a finite number from ``low`` to ``high`` as Python's int or float; else raise `ConfigError`.

    With ``above`` it must differ from ``low``, with ``under`` from ``high``.

    Examples
    --------
    >>> number(0.5, "share", 0.0, 0.5, under=True)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: share must be at least 0 and under 0.5, found 0.5
    """
    found = real(value)
    if found is not None and low <= found <= high and not (above and found == low) and not (under and found == high):
        return found
    least = f"{'above' if above else 'at least'} {low:g}"
    rule = f"finite and {least}" if high == inf else f"{least} and {'under' if under else 'at most'} {high:g}"
    raise ConfigError(f"{name} must be {rule}, found {value!r}")


def count(value: Any, name: str, low: float = 1, high: float = inf) -> int:
    """Return an integer from ``low`` to ``high`` as Python's int; else raise `ConfigError`.

    Examples
    --------
    >>> count(15.0, "total_steps")
    15
    >>> count(1.5, "n")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: n must be a whole number and at least 1, found 1.5
    """
    found = real(value)
    if found is not None and low <= found <= high and found == int(found):
        return int(found)
    bounds = f" and at least {low:g}" if high == inf else f" and from {low:g} to {high:g}"
    raise ConfigError(f"{name} must be a whole number{'' if low == -inf else bounds}, found {value!r}")


def per_task(setting: Any, name: str, *, above: bool = False) -> PerTask:
    """Return a `number` of at least 0, or a mapping of them by task; with ``above``, above 0."""
    if isinstance(setting, Mapping):
        return {task: number(value, name, above=above) for task, value in setting.items()}
    return number(setting, name, above=above)


def one_of(value: Any, name: str, known: Collection[str]) -> None:
    """Raise `ConfigError` if a value is not one of the known words."""
    if not isinstance(value, str) or value not in known:
        raise ConfigError(f"{name} is one of {', '.join(known)}, found {value!r}")


def value_for(setting: PerTask, task: str, name: str, known: Collection[str] | None = None) -> float:
    """Return one task's setting, from a number for all or a mapping by task, which may name only ``known`` tasks.

    Examples
    --------
    >>> value_for(0.5, "film", "weight"), value_for({"film": 2.0}, "film", "weight")
    (0.5, 2.0)
    """
    if not isinstance(setting, Mapping):
        return float(setting)
    if task not in setting:
        raise ConfigError(f"{name} has no value for the auxiliary {task!r}; it names {', '.join(setting) or 'none'}")
    for other in setting:
        if known is not None and other not in known:
            raise ConfigError(f"{name} names {other!r}, which is no auxiliary{did_you_mean(str(other), known)}")
    return float(setting[task])


def task_names(primary: Any, auxiliaries: Any) -> tuple[str, ...]:
    """Return the names of the auxiliaries; a string instead of a list, or a duplicate name, is a `ConfigError`.

    Examples
    --------
    >>> task_names("products", "film")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: auxiliaries must be a list of names, found 'film': write ['film']
    """
    if isinstance(auxiliaries, str) or not isinstance(auxiliaries, Iterable):
        raise ConfigError(f"auxiliaries must be a list of names, found {auxiliaries!r}: write [{auxiliaries!r}]")
    names: Sequence[Any] = (primary, *auxiliaries)
    for name in names:
        if not isinstance(name, str):
            raise ConfigError(f"names of tasks are words, found {name!r}: write it in quotes")
    if len(set(names)) != len(names):
        raise ConfigError(f"names of tasks must differ, found {primary!r} and {', '.join(names[1:])}")
    return tuple(names[1:])
