"""Logistic regression with C tuned by cross-validation, for rivals that need a head."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

# With many rows, fewer folds suffice to choose C.
FEW = 5000


def tune_logistic(rows: Any, labels: Sequence[str], costs: Sequence[float], seed: int) -> LogisticRegression:
    """Fit to all rows with the C of the best cross-validated accuracy; ties go to the smallest.

    Parameters
    ----------
    rows
        (texts, columns), sparse or not.
    labels
        One per row.
    costs
        Candidates for C, ascending.
    seed
        Seed of the 5 folds, 3 for more than 5,000 rows. They are not stratified, as a class may have only one row.
    """
    truth = np.asarray(labels)
    folds = list(KFold(5 if len(truth) <= FEW else 3, shuffle=True, random_state=seed).split(truth))

    def accuracy(cost: float) -> float:
        fitted = ((LogisticRegression(C=cost, max_iter=1000), fold) for fold in folds)
        return fmean(
            float(model.fit(rows[training], truth[training]).score(rows[held_out], truth[held_out]))
            for model, (training, held_out) in fitted
        )

    return LogisticRegression(C=max(costs, key=accuracy), max_iter=1000).fit(rows, truth)
