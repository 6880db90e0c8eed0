"""One number that makes probabilities of scores honest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from mt2st.models.probabilities import probabilities

# Scores are multiplied by a number between these.
LEAST, MOST = 1 / 50, 50.0


def log_loss(
    found: NDArray[np.float64],
    truth: NDArray[np.float64],
    counts: NDArray[np.float64] | None = None,
    *,
    several: bool = False,
) -> float:
    """Return the mean negative logarithm of what the truth was given, ``truth`` being shares of ``found``'s shape.

    Rows count as much as ``counts`` says, (rows,); with ``several`` labels what is not the truth tells too. Where truth
    is not known it is NaN, and has no loss.
    """
    losses = -np.nansum(truth * np.log(np.maximum(found, 1e-12)), 1)
    if several:
        losses -= np.nansum((1 - truth) * np.log(np.maximum(1 - found, 1e-12)), 1)
    return float(np.average(losses, weights=counts)) if len(losses) and (counts is None or counts.any()) else 0.0


def doubted(truth: NDArray[np.float64], *, several: bool = False) -> NDArray[np.float64]:
    """Return truth of which a share of ``1 / (rows + 2)`` is in doubt, spread over all classes.

    Where all held-out rows are told right no probability would be high enough: of three rows as of a thousand. As many
    rows as there are, and one of each kind more, say how sure one may be.

    Notes
    -----
    J. Platt, "Probabilistic outputs for support vector machines", 1999, has the same for two classes.

    Examples
    --------
    >>> doubted(np.array([[1.0, 0.0]] * 8))[0]
    array([0.95, 0.05])
    """
    doubt = 1 / (len(truth) + 2)
    return (1 - doubt) * truth + doubt / (2 if several else truth.shape[1])


def fit_temperature(
    scores: NDArray[np.float64],
    truth: NDArray[np.float64],
    counts: NDArray[np.float64] | None = None,
    *,
    several: bool = False,
) -> float:
    """Return the temperature at which the probabilities of held-out scores have the least loss.

    Parameters
    ----------
    scores
        (rows, outputs), of rows that the scores were not fitted to.
    truth
        1 and 0, or shares such as `doubted` makes of them, (rows, classes); NaN where not known.
    counts
        What each row counts, (rows,).
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
        return log_loss(found, truth, counts, several=several)

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(LEAST), np.log(MOST)), method="bounded").x))
