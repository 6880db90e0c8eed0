"""Rates: the share of the learning rates at each step of a phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mt2st.strategies.checks import number

if TYPE_CHECKING:
    from mt2st.strategies.strategy import Phase


def rate_share(x: float, end: float = 0.0, warm: float = 0.0, low: float = 0.1) -> float:
    """Return the share of the learning rates at x, from 0 at a phase's start to 1 at its end.

    A line from ``low`` to 1 while ``x < warm``, then ``end + (1 - end) * (1 - (x - warm) / (1 - warm))``.

    Examples
    --------
    >>> [round(rate_share(x, end=0.5, warm=0.2), 3) for x in (0.0, 0.1, 0.2, 0.6, 1.0)]
    [0.1, 0.55, 1.0, 0.75, 0.5]
    """
    if x < warm:
        return low + (1.0 - low) * x / warm
    return end + (1.0 - end) * (1.0 - (x - warm) / (1.0 - warm))


@dataclass(frozen=True, slots=True)
class Rates:
    """The factor of every learning rate: a number for each phase, times a linear schedule within the phase.

    Parameters
    ----------
    multi_task, auxiliaries_only, single_task
        The multiplier of each phase; above 0.
    end
        The share at the end of a phase, 0 to 1; rates fall linearly to it.
    warm
        Share of a phase that follows another, at least 0 and under 1, in which rates rise from ``low`` to their full
        value. At the switch the shared part gets larger updates again; the optimiser's moments, and heads that were not
        trained, need some steps to adapt.
    low
        Share of the rates at which that rise begins; 0 to 1.
    warm_first
        The same as ``warm`` for phases that start from the first state: the first phase of the run, each trial of
        `Feedback` and the phase after the last trial. Transformers need it.

    Examples
    --------
    >>> from mt2st.strategies import Clock, Switch
    >>> strategy = Switch(at=0.2).bind("products", ["film"], Clock(100))
    >>> rates = Rates(single_task=0.5, warm=0.25, low=0.0)
    >>> [round(rates.share(strategy.phase(step), step), 3) for step in (0, 10, 20, 30, 40, 70, 99)]
    [1.0, 0.5, 0.0, 0.25, 0.5, 0.25, 0.008]

    Notes
    -----
    The defaults are those of ``mt2st train``: the rates fall linearly from 1 towards 0 in each phase, and restart at
    the switch.
    """

    multi_task: float = 1.0
    auxiliaries_only: float = 1.0
    single_task: float = 1.0
    end: float = 0.0
    warm: float = 0.0
    low: float = 0.1
    warm_first: float = 0.0

    def __post_init__(self) -> None:
        for name in ("multi_task", "auxiliaries_only", "single_task"):
            number(getattr(self, name), name, above=True)
        number(self.end, "end", 0.0, 1.0)
        number(self.low, "low", 0.0, 1.0)
        for name in ("warm", "warm_first"):
            number(getattr(self, name), name, 0.0, 1.0, under=True)

    def multiplier(self, phase: Phase) -> float:
        """Return the multiplier of a phase; any other than the three, e.g. a `Feedback` trial, has multi_task's."""
        found: float = getattr(self, phase.name.replace("-", "_").replace(" ", "_"), self.multi_task)
        return found

    def share(self, phase: Phase, step: int) -> float:
        """Return the factor of the rates at ``step`` of ``phase``; after its end, that at its end."""
        x = min((step - phase.start) / (phase.stop - phase.start), 1.0) if phase.stop > phase.start else 1.0
        warm = self.warm_first if phase.fresh or not phase.start else self.warm
        return self.multiplier(phase) * rate_share(x, self.end, warm, self.low)
