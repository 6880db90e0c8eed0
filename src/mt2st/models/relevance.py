"""Selecting the dimensions, or layers, that are least relevant to a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, GradientPathError


def least_relevant(relevance: Sequence[float] | NDArray[np.float64], share: float) -> NDArray[np.int64]:
    """Return the indices of the ``round(share * n)`` least relevant of n, ascending; if equal, the first.

    Parameters
    ----------
    relevance
        The relevance of each to the primary: the mean of |gradient x value|, shape (n,).
    share
        The share to return, 0 to 1.

    Raises
    ------
    ConfigError
        If ``share`` is not between 0 and 1.
    GradientPathError
        If all values are 0, or one is not finite: the primary's loss does not reach these parts.

    Examples
    --------
    >>> least_relevant([0.3, 0.1, 0.2, 0.1], 0.5).tolist()
    [1, 3]

    Notes
    -----
    Relevance is the first-order change of the loss when a value is set to zero (Molchanov et al. 2017), by which the
    paper (arXiv 2406.18038) freezes.
    """
    values = np.asarray(relevance, np.float64)
    if not 0.0 <= share <= 1.0:
        raise ConfigError(f"the share to freeze lies between 0 and 1, found {share}")
    if not np.isfinite(values).all() or not values.any():
        raise GradientPathError(
            "the relevance of what is to be frozen is zero everywhere, or not finite: the primary's loss does not "
            "reach it; train the primary's head before, or freeze nothing (share 0)"
        )
    return np.sort(np.argsort(values, kind="stable")[: round(share * len(values))])
