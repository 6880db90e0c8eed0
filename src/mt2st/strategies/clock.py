"""The time t of the schedules, in steps, epochs or as a fraction of the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from mt2st.strategies.checks import count, number, one_of

Time = Literal["steps", "epochs", "fraction"]


def check_time(time: Time) -> None:
    """Refuse a word that is no unit of time."""
    one_of(time, "time", get_args(Time))


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads a step number as the t of a schedule.

    Parameters
    ----------
    total_steps
        Steps of the whole run, a whole number of at least 1.
    steps_per_epoch
        Steps in one pass over the primary's training data; may be fractional.

    Examples
    --------
    >>> clock = Clock(total_steps=200, steps_per_epoch=20)
    >>> [clock.read(50, unit) for unit in ("steps", "epochs", "fraction")]
    [50.0, 2.5, 0.25]
    """

    total_steps: int
    steps_per_epoch: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "total_steps", count(self.total_steps, "total_steps"))
        object.__setattr__(self, "steps_per_epoch", number(self.steps_per_epoch, "steps_per_epoch", above=True))

    def unit(self, time: Time) -> float:
        """Return the steps in one ``time``: 1, those of an epoch, or those of the run."""
        units = {"steps": 1.0, "epochs": self.steps_per_epoch, "fraction": float(self.total_steps)}
        check_time(time)
        return units[time]

    def read(self, step: int, time: Time) -> float:
        """Return t at ``step`` (counted from 0), counted in ``time``."""
        return step / self.unit(time)
