"""Who wins: the best score, unless the given settings are as good within the noise."""

from __future__ import annotations

from collections.abc import Sequence

from mt2st.estimators.tuning.trial import Trial, ranked

# By so many standard errors of the difference must the best beat the first trial, which is the estimator as given.
SURE = 1.0


def choose(trials: Sequence[Trial], seed: int) -> int | None:
    """Return the number of the trial that wins; None where none can be chosen.

    Of many trials the best score is partly luck, so it must lie above that of the first, on the same held-out examples,
    by more than its standard error. One that held in the first round and failed in a later one makes way for the next
    best. Where the first cannot be chosen, the best score wins, of equals the smaller model, then the earlier.

    Parameters
    ----------
    trials
        In order, the given settings first.
    seed
        Of the draws that the standard error is found by.
    """
    able, first = ranked(trials), trials[0]
    if first not in able:
        return able[0].number if able else None
    for trial in able:
        gain, error = (0.0, 0.0) if trial is first else trial.wins_by(first, seed)
        if gain > SURE * error:
            return trial.number
        if len(trial.rounds) == 1:
            break
    return first.number
