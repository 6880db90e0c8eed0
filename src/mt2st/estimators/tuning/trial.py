"""Trials of settings, and the record of a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mt2st.estimators.saving.packing import pack
from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.held_out import HeldOutCounts, joined


@dataclass(frozen=True, repr=False)
class Trial:
    """One trial.

    Attributes
    ----------
    number
        From 0, which is the estimator as it was given.
    settings
        All parameters that may vary.
    rounds
        Its results on held-out examples, up to the point where it was given up; and on a fresh selection of them if it
        seemed to win. Empty if there is no model.
    size
        Bytes of the saved model; None if there is no limit.
    quantized
        Whether it has to be saved with ``quantize=True`` to keep to the limit.
    why_not
        Why it cannot be chosen; None if it can.
    work
        Its part of the budget, in seconds of a reference machine.
    seconds
        Seconds that it took here; no decision depends on them.
    """

    number: int
    settings: Settings
    rounds: tuple[HeldOutCounts, ...] = ()
    size: int | None = None
    quantized: bool = False
    why_not: str | None = None
    work: float = 0.0
    seconds: float = 0.0

    def __repr__(self) -> str:
        """Return its number, score and settings; the results of single examples are left out."""
        score = "no score" if self.score is None else f"score {self.score:.4f}"
        given_up = f", {self.why_not!r}" if self.why_not else ""
        return f"Trial({self.number}, {score}, {dict(self.settings)!r}{given_up})"

    @property
    def judged(self) -> HeldOutCounts | None:
        """Return the first round; None if there is no model."""
        return self.rounds[0] if self.rounds else None

    @property
    def score(self) -> float | None:
        """Return the score on held-out examples, in the first round."""
        return None if self.judged is None else self.judged.score

    def wins_by(self, other: Trial, seed: int) -> tuple[float, float]:
        """Return the gain over another trial, and its standard error.

        If both have further rounds, only these count, as the trial was selected by the first.
        """
        both = min(len(self.rounds), len(other.rounds))
        counted = slice(1, both) if both > 1 else slice(1)
        one, rest = (joined(trial.rounds[counted]) for trial in (self, other))
        return one.wins_by(rest, seed)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values; measured times come last."""
        return {
            "trial": self.number,
            "settings": {name: pack(value) for name, value in self.settings.items()},
            "score": self.score,
            "again": [each.score for each in self.rounds[1:]],
            "bytes": self.size,
            "quantized": self.quantized,
            "why_not": self.why_not,
            "work": round(self.work, 4),
            "seconds": round(self.seconds, 3),
        }


def ranked(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials that could be chosen, best score first; if equal, the smaller model, then the earlier."""
    able = [trial for trial in trials if trial.judged is not None and trial.why_not is None]
    return sorted(able, key=lambda trial: (-(trial.score or 0.0), trial.size or 0, trial.number))


@dataclass
class Tuning:
    """The record of a search: the attribute ``tuning_`` of the estimator.

    Attributes
    ----------
    engine
        What proposed settings: ``"optuna"`` or ``"random"``.
    seed, metric
        As given.
    budget
        Seconds of work of a reference machine; None if only trials are counted.
    most_trials
        Maximum number of trials; None for as many as the budget allows.
    size_limit
        Maximum bytes of the saved model; None for no limit.
    trials
        All trials, in order.
    chosen
        The number of the trial that won.
    stopped
        Why the search ended: ``"budget"``, ``"trials"``, ``"nothing left to try"``, ``"clock"`` or ``"interrupted"``.
        Only the first three are reproducible with the same seed and data.
    """

    engine: str
    seed: int
    metric: str
    budget: float | None
    size_limit: int | None
    trials: list[Trial] = field(default_factory=list)
    chosen: int = 0
    stopped: str = "budget"
    most_trials: int | None = None

    @property
    def best(self) -> Trial:
        """Return the trial that was chosen."""
        return self.trials[self.chosen]

    @property
    def changed(self) -> Settings:
        """Return the parameters in which the chosen trial differs from the first."""
        first: Mapping[str, Any] = self.trials[0].settings
        return {name: value for name, value in self.best.settings.items() if value != first[name]}

    @property
    def reproducible(self) -> bool:
        """Return whether the same seed and data give the same again, as no clock and no person ended the search."""
        return self.stopped not in ("clock", "interrupted")

    @property
    def work(self) -> float:
        """Return how much of the budget all trials used."""
        return sum(trial.work for trial in self.trials)

    def ranked(self) -> Sequence[Trial]:
        """Return its trials in the order of `ranked`."""
        return ranked(self.trials)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        own = ("engine", "seed", "metric", "budget", "most_trials", "size_limit", "chosen", "stopped", "reproducible")
        changed = {name: pack(value) for name, value in self.changed.items()}
        return {
            **{name: getattr(self, name) for name in own},
            "work": round(self.work, 4),
            "changed": changed,
            "trials": [trial.as_dict() for trial in self.trials],
        }
