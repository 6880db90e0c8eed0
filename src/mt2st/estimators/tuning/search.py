"""The search: try the given settings, then others, until the budget of work is spent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter, process_time

import numpy as np

from mt2st.errors import Mt2stError
from mt2st.estimators.tuning.confirming import confirm
from mt2st.estimators.tuning.engines import Engine, Settings, key_of
from mt2st.estimators.tuning.held_out import HeldOutCounts, joined
from mt2st.estimators.tuning.sizes import size_text
from mt2st.estimators.tuning.space import Space
from mt2st.estimators.tuning.tasks import Task, as_saved
from mt2st.estimators.tuning.trial import Trial, Tuning

# A trial that is so many standard errors below the given settings, on the parts evaluated so far, is given up.
HOPELESS = 2.0
# The search ends after so many proposals in a row that were already tried, or cost more than is left.
MISSES = 100
# Processor seconds per second of budget, above which the clock ends a search, which is then not reproducible.
NET = 4.0
# Seconds added to that, as compiling kernels may take tens of seconds.
COMPILING = 120.0
# Share of the budget kept for evaluating a winner again.
AGAIN = 0.25


@dataclass
class Search:
    """Tries settings and records the trials.

    Attributes
    ----------
    task, space, engine
        What is tuned, the possible settings, and the engine that proposes them.
    tuning
        The record, which grows.
    on_trial
        Called with each trial as it ends.
    asked_to_stop
        Called after each trial; True ends the search.
    """

    task: Task
    space: Space
    engine: Engine
    tuning: Tuning
    on_trial: Callable[[Trial, Tuning], None] | None
    asked_to_stop: Callable[[], bool] | None
    _seen: dict[str, Trial] = field(default_factory=dict)
    _begun: float = field(default_factory=process_time)

    def run(self) -> None:
        """Try settings until the budget is spent, nothing is left to try, or a stop is requested."""
        try:
            for settings in self._proposals():
                self._try(settings)
                if self._is_over():
                    break
            if self.tuning.reproducible:
                confirm(self.task, self.tuning, self._left)
        except KeyboardInterrupt:
            if not self.tuning.trials:
                raise
            self.tuning.stopped = "interrupted"

    def _is_over(self) -> bool:
        tuning = self.tuning
        late = tuning.budget is not None and process_time() - self._begun > NET * tuning.budget + COMPILING
        if self.asked_to_stop is not None and self.asked_to_stop():
            tuning.stopped = "interrupted"
        elif tuning.most_trials is not None and len(tuning.trials) >= tuning.most_trials:
            tuning.stopped = "trials"
        elif late:
            tuning.stopped = "clock"
        else:
            return False
        return True

    def _proposals(self) -> Iterator[Settings]:
        """Yield the given settings, those to try first, and those that the engine proposes, each once."""
        yield self.space.given
        for settings in self.space.first:
            if self._is_new(settings) and self._is_paid(settings):
                yield settings
        misses, dear = 0, False
        while misses < MISSES and len(self._seen) < self.space.size:
            settings = self.engine.ask()
            if not self._is_new(settings):
                self._tell(self._seen[key_of(settings)])
            elif self._is_paid(settings):
                misses = 0
                yield settings
                continue
            else:
                dear = True
                self.engine.tell(settings, None)
            misses += 1
        self.tuning.stopped = "budget" if dear else "nothing left to try"

    def _is_new(self, settings: Settings) -> bool:
        return key_of(settings) not in self._seen

    def _is_paid(self, settings: Settings) -> bool:
        """Return whether the budget has room for a trial, and for the fit to everything at the end."""
        if self.tuning.budget is None:
            return True
        kept = AGAIN * self.tuning.budget if self.task.rounds > 1 else 0.0
        return self._left(settings) >= self.task.work(settings) + kept

    def _left(self, settings: Settings) -> float:
        """Return the budget that is left when settings are fitted to everything at the end."""
        if self.tuning.budget is None:
            return float("inf")
        return self.tuning.budget - self.tuning.work - self.task.work(settings) / len(self.task.parts(0))

    def _try(self, settings: Settings) -> None:
        begun = perf_counter()
        number = len(self.tuning.trials)
        try:
            trial = self._judged(Trial(number, settings))
        except Mt2stError as error:
            if not number:  # the cause is the data, or the given settings
                raise
            trial = Trial(number, settings, why_not=str(error), work=self.task.work(settings))
        trial = replace(trial, seconds=perf_counter() - begun)
        self.tuning.trials.append(trial)
        self._seen[key_of(settings)] = trial
        self._tell(trial)
        if self.on_trial is not None:
            self.on_trial(trial, self.tuning)

    def _judged(self, trial: Trial) -> Trial:
        """Fit and evaluate part by part, until all are done or the trial is given up."""
        found, parts = list[HeldOutCounts](), self.task.parts(0)
        for done, part in enumerate(parts, 1):
            model = self.task.fit(trial.settings, part)
            saved = as_saved(model, self.tuning.size_limit, can_quantize=self.task.can_quantize)
            found.append(self.task.judge(saved.model, part))
            trial = replace(
                trial,
                rounds=(joined(found),),
                size=None if saved.size is None else max(saved.size, trial.size or 0),
                quantized=saved.quantized or trial.quantized,
                work=self.task.work(trial.settings) * done / len(parts),
            )
            trial = replace(trial, why_not=self._why_not(trial, done < len(parts)))
            if trial.why_not:
                break
        return trial

    def _why_not(self, trial: Trial, more: bool) -> str | None:
        limit = self.tuning.size_limit
        if limit is not None and (trial.size or 0) > limit:
            return f"{size_text(trial.size or 0)}, over {size_text(limit)}"
        gain, error = self._gain(trial)
        return "given up: far behind the given settings" if more and gain < -HOPELESS * error else None

    def _gain(self, trial: Trial) -> tuple[float, float]:
        """Return a trial's gain over the given settings on common held-out examples, and its standard error."""
        first = self.tuning.trials[0].judged if trial.number else None
        if first is None or trial.judged is None:
            return 0.0, 0.0
        places = np.intersect1d(first.places, trial.judged.places)
        return trial.judged.at(places).wins_by(first.at(places), self.tuning.seed)

    def _tell(self, trial: Trial) -> None:
        """Tell the engine the score: that of the first trial plus the gain on common held-out examples."""
        first, limit = self.tuning.trials[0] if self.tuning.trials else trial, self.tuning.size_limit
        over = limit is not None and (trial.size or 0) > limit
        if trial.judged is None or first.score is None or over:
            self.engine.tell(trial.settings, None)
        else:
            self.engine.tell(trial.settings, first.score + self._gain(trial)[0])
