"""Temperature scaling: one number that calibrates the probabilities of scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from mt2st.models.probabilities import probabilities

# Bounds of the temperature.
LEAST, MOST = 1 / 50, 50.0


def log_loss(
    found: NDArray[np.float64],
    truth: NDArray[np.float64],
    sample_weight: NDArray[np.float64] | None = None,
    *,
    several: bool = False,
) -> float:
    """Return the mean negative log likelihood of ``truth``, which has shares in the shape of ``found``.

    Rows are weighted by ``sample_weight``, (rows,); with ``several`` labels, the absence of a label contributes too.
    Unknown truth is NaN, and has no loss.
    """
    losses = -np.nansum(truth * np.log(np.maximum(found, 1e-12)), 1)
    if several:
        losses -= np.nansum((1 - truth) * np.log(np.maximum(1 - found, 1e-12)), 1)
    return (
        float(np.average(losses, weights=sample_weight))
        if len(losses) and (sample_weight is None or sample_weight.any())
        else 0.0
    )


def smoothed(truth: NDArray[np.float64], *, several: bool = False) -> NDArray[np.float64]:
    """Return smoothed truth, with a share of ``1 / (rows + 2)`` spread over all classes.

    If all held-out rows are classified correctly, three as well as a thousand, the likelihood would increase up to
    probability 1. The smoothing corresponds to one more row of each kind.

    Notes
    -----
    J. Platt, "Probabilistic outputs for support vector machines", 1999, has the same for two classes.

    Examples
    --------
    >>> smoothed(np.array([[1.0, 0.0]] * 8))[0]
    array([0.95, 0.05])
    """
    doubt = 1 / (len(truth) + 2)
    return (1 - doubt) * truth + doubt / (2 if several else truth.shape[1])


def fit_temperature(
    scores: NDArray[np.float64],
    truth: NDArray[np.float64],
    sample_weight: NDArray[np.float64] | None = None,
    *,
    several: bool = False,
) -> float:
    """Return the temperature with the least loss of the probabilities of held-out scores.

    Parameters
    ----------
    scores
        Scores of held-out rows, (rows, outputs).
    truth
        1 and 0, or shares such as those of `smoothed`, (rows, classes); NaN if not known.
    sample_weight
        The weight of each row, (rows,).
    several
        Whether a row may have several labels.

    Notes
    -----
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks", 2017.

    Examples
    --------
    >>> scores = np.array([[8.0], [8.0], [8.0], [8.0]])  # right three times of four, and far too sure
    >>> truth = np.array([[0, 1], [0, 1], [0, 1], [1, 0]], float)
    >>> round(8.0 / fit_temperature(scores, truth), 2)  # log 3
    1.1
    """

    def loss(logarithm: float) -> float:
        found = probabilities(scores, float(np.exp(logarithm)), several=several)
        return log_loss(found, truth, sample_weight, several=several)

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(LEAST), np.log(MOST)), method="bounded").x))
