"""The choice of the winner: the trial with the best score, unless the given settings are as good within the noise."""

from __future__ import annotations

from collections.abc import Sequence

from mt2st.estimators.tuning.trial import Trial, ranked

# The number of standard errors by which the best trial must beat the first, which has the given settings.
SURE = 1.0


def choose(trials: Sequence[Trial], seed: int) -> int | None:
    """Return the number of the trial that wins; None if none can be chosen.

    The best score of many trials is partly luck, so it must be above that of the first, on the same held-out examples,
    by more than the standard error. A trial that passes the first round and fails a later one is replaced by the next
    best. If the first cannot be chosen, the best score wins; if equal, the smaller model, then the earlier.

    Parameters
    ----------
    trials
        In order, the given settings first.
    seed
        Seed of the resampling for the standard error.
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
