"""Evaluating a winner again on newly selected held-out examples, as the best of many trials is partly lucky."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from mt2st.estimators.tuning.choice import choose
from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.held_out import joined
from mt2st.estimators.tuning.tasks import Task, as_saved
from mt2st.estimators.tuning.trial import Trial, Tuning


def confirm(task: Task, tuning: Tuning, left: Callable[[Settings], float]) -> None:
    """Evaluate the winner and the given settings in all rounds; if the winner fails, do so with the next one.

    Parameters
    ----------
    task
        Trains and evaluates settings.
    tuning
        The search, whose trials are replaced by those with more rounds.
    left
        Returns the budget left after some settings are fitted to everything at the end.
    """
    trials = tuning.trials
    while (chosen := choose(trials, tuning.seed)) and trials[0].why_not is None:
        number = len(trials[chosen].rounds)
        due = [place for place in (0, chosen) if len(trials[place].rounds) <= number]
        costs = sum(task.work(trials[place].settings) for place in due)
        if number >= task.rounds or left(trials[chosen].settings) < costs:
            return
        for place in due:
            trials[place] = _again(task, tuning, trials[place], number)


def _again(task: Task, tuning: Tuning, trial: Trial, number: int) -> Trial:
    begun, found = perf_counter(), []
    for part in task.parts(number):
        model = task.fit(trial.settings, part)
        saved = as_saved(model, tuning.size_limit, can_quantize=task.can_quantize)
        found.append(task.judge(saved.model, part))
    work, seconds = trial.work + task.work(trial.settings), trial.seconds + perf_counter() - begun
    return replace(trial, rounds=(*trial.rounds, joined(found)), work=work, seconds=seconds)
