"""The time t of the schedules, in steps, epochs or as a fraction of the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from mt2st.errors import ConfigError
from mt2st.strategies.checks import count, number, one_of

Time = Literal["steps", "epochs", "fraction"]


def check_time(time: Time) -> None:
    """Raise `ConfigError` if a value is not a unit of time."""
    one_of(time, "time", get_args(Time))


class ForFractions(float):
    """A default for times as fractions of the run, invalid in other units."""


def in_unit(value: Any, name: str, time: Time) -> Any:
    """Return a setting in units of ``time``; a default for fractions in another unit is a `ConfigError`.

    Examples
    --------
    >>> in_unit(ForFractions(0.4), "end", "fraction"), in_unit(0.4, "end", "epochs")
    (0.4, 0.4)
    >>> in_unit(ForFractions(0.4), "end", "steps")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: end must be given with time='steps': its default, 0.4, is for fractions of the run
    """
    check_time(time)
    if isinstance(value, ForFractions) and time != "fraction":
        raise ConfigError(
            f"{name} must be given with time={time!r}: its default, {value:g}, is for fractions of the run"
        )
    return value


def moment(value: Any, name: str, time: Time) -> float:
    """Return a moment of the run, at least 0, in units of ``time``; a fraction over 1 is a `ConfigError`.

    Examples
    --------
    >>> moment(300, "at", "steps")
    300
    >>> moment(300, "at", "fraction")
    Traceback (most recent call last):
    mt2st.errors.ConfigError: at must be a fraction of the run, from 0 to 1, found 300: or give time='steps' or 'epochs'
    """
    found = number(in_unit(value, name, time), name)
    if time == "fraction" and found > 1.0:
        raise ConfigError(
            f"{name} must be a fraction of the run, from 0 to 1, found {found:g}: or give time='steps' or 'epochs'"
        )
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """Converts a step number to the time t of a schedule.

    Parameters
    ----------
    total_steps
        Number of steps of the whole run; at least 1.
    steps_per_epoch
        Steps in one pass over the primary's training data; may be fractional. None: epochs cannot be used.

    Examples
    --------
    >>> clock = Clock(total_steps=200, steps_per_epoch=20)
    >>> [clock.read(50, unit) for unit in ("steps", "epochs", "fraction")]
    [50.0, 2.5, 0.25]
    """

    total_steps: int
    steps_per_epoch: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "total_steps", count(self.total_steps, "total_steps"))
        if self.steps_per_epoch is not None:
            object.__setattr__(self, "steps_per_epoch", number(self.steps_per_epoch, "steps_per_epoch", above=True))

    def unit(self, time: Time) -> float:
        """Return the number of steps in one unit of ``time``: 1, those of an epoch, or those of the run."""
        check_time(time)
        if time == "epochs" and self.steps_per_epoch is None:
            raise ConfigError("time='epochs' needs to know how long one is: give steps_per_epoch=len(loader)")
        return {"steps": 1.0, "epochs": self.steps_per_epoch or 1.0, "fraction": float(self.total_steps)}[time]

    def read(self, step: int, time: Time) -> float:
        """Return t at ``step`` (from 0), in units of ``time``."""
        return step / self.unit(time)
