"""Trials: short runs from the first state, one of the primary alone and one with each auxiliary, to see which help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from mt2st.strategies.strategy import Phase

Point = tuple[int, float]
CONVINCED = 1.5


def standing(gain: float, noise: float) -> float:
    """Return the share of its weight that an auxiliary keeps after a gain over the primary alone.

    It rises linearly from 0, at a gain of -1.5 standard errors of the score, to 1, at +1.5; no gain gives 0.5. Dropping
    a helpful auxiliary costs more than running a useless one, so it is not dropped for lack of a gain.

    Examples
    --------
    >>> [round(standing(gain, noise=0.02), 2) for gain in (-0.03, -0.01, 0.0, 0.02, 0.03, 0.06)]
    [0.0, 0.33, 0.5, 0.83, 1.0, 1.0]
    """
    return min(1.0, max(0.0, 0.5 + 0.5 * gain / (CONVINCED * noise)))


@dataclass
class Trials:
    """A sequence of trials, each with a part with one auxiliary and a part with the primary alone.

    The first has no auxiliary. All have the same number of steps and learning-rate schedule, so that the auxiliary
    alone makes the difference between scores in their second parts.

    Parameters
    ----------
    auxiliaries
        The auxiliaries to try.
    part
        Number of steps of each part; with 0 there are no trials.

    Attributes
    ----------
    starts
        First steps of the trials begun, and of the phase after them.
    points
        For each trial begun, (steps since its start, score) of every observation.

    Examples
    --------
    >>> trials = Trials(["film"], part=10)
    >>> [trials.active(step) for step in (5, 25, 35)]
    [None, 'film', None]
    >>> [trials.observe(step, score) for step, score in ((10, 0.5), (20, 0.6), (30, 0.6), (40, 0.7))]
    [False, True, False, True]
    >>> round(trials.gain("film"), 3)
    0.1
    """

    auxiliaries: Sequence[str]
    part: int
    starts: list[int] = field(default_factory=lambda: [0])
    points: list[list[Point]] = field(default_factory=lambda: [[]])

    @property
    def over(self) -> bool:
        """Return whether all trials are done."""
        return not self.part or len(self.starts) > 1 + len(self.auxiliaries)

    @property
    def planned(self) -> int:
        """Return the first step after the trials if every one is observed on time."""
        return (1 + len(self.auxiliaries)) * 2 * self.part

    @property
    def stop(self) -> int:
        """Return the first step after the trials, as currently planned."""
        left = 2 + len(self.auxiliaries) - len(self.starts)
        return self.starts[-1] + left * 2 * self.part

    def active(self, step: int) -> str | None:
        """Return the auxiliary that runs at a step of the trials."""
        trial, since = self._place(step)
        return self.auxiliaries[trial - 1] if trial and since < self.part else None

    def held(self, step: int) -> int:
        """Return the step whose weights apply at ``step``: a late trial repeats its last step until observed."""
        return step if self.over else min(step, self.starts[-1] + 2 * self.part - 1)

    def phase(self, step: int) -> Phase:
        """Return the part that a step of the trials is in, as currently planned."""
        trial, since = self._place(step)
        start = step - since
        name = f"trial of {self.auxiliaries[trial - 1]}" if trial else "trial of the primary alone"
        if since < self.part:
            return Phase(name, start, start + self.part, fresh=True)
        return Phase(f"{name}, then alone", start + self.part, max(start + 2 * self.part, step + 1))

    def _place(self, step: int) -> tuple[int, int]:
        """Return the trial that a step is in, and the steps since its start."""
        known = max(number for number, start in enumerate(self.starts) if start <= step)
        since = step - self.starts[known]
        ahead = 0 if known < len(self.starts) - 1 else min(since // (2 * self.part), len(self.auxiliaries) - known)
        return known + ahead, since - ahead * 2 * self.part

    def observe(self, step: int, score: float) -> bool:
        """Record the score after ``step`` steps, and return whether it ends a trial."""
        since = step - self.starts[-1]
        self.points[-1].append((since, score))
        if since < 2 * self.part:
            return False
        self.starts.append(step)
        self.points.append([])
        return True

    def level(self, trial: int) -> float:
        """Return the mean score in the second part of a trial, counted from 0, the primary alone."""
        return fmean(score for since, score in self.points[trial] if since > self.part)

    def gain(self, task: str) -> float:
        """Return the `level` of an auxiliary's trial minus that of the primary alone."""
        return self.level(self._number(task)) - self.level(0)

    def spread(self, task: str) -> float:
        """Return the range of all scores in these two trials, which is 0 if neither learnt anything."""
        scores = [score for trial in (0, self._number(task)) for _, score in self.points[trial]]
        return max(scores) - min(scores)

    def _number(self, task: str) -> int:
        return 1 + list(self.auxiliaries).index(task)

    def state_dict(self) -> dict[str, Any]:
        """Return all observations, as JSON values."""
        points = [[list(point) for point in trial] for trial in self.points]
        return {"starts": list(self.starts), "points": points}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load observations."""
        self.starts = list(state["starts"])
        self.points = [[(since, score) for since, score in trial] for trial in state["points"]]
