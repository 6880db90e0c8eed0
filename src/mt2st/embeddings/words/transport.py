"""The minimum cost of transporting one distribution to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def transport_cost(costs: NDArray[np.floating], supply: NDArray[np.floating], demand: NDArray[np.floating]) -> float:
    r"""Return the minimum cost of transporting a supply to a demand, by a linear program.

    .. math:: \min_{T \ge 0} \sum_{ij} T_{ij} c_{ij}, \quad \sum_j T_{ij} = d_i, \quad \sum_i T_{ij} = d'_j

    Parameters
    ----------
    costs
        c, the cost per unit of moving from i to j, shape (n, m).
    supply, demand
        d and d', shapes (n,) and (m,), with equal sums.

    Examples
    --------
    >>> round(transport_cost(np.array([[0.0, 3.0], [2.0, 4.0]]), np.array([0.5, 0.5]), np.array([0.75, 0.25])), 6)
    1.5
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    n, m = costs.shape
    # What goes from i to j counts in two sums, the i-th of n and the j-th of m.
    sums_of = np.indices((n, m)).reshape(2, -1) + np.array([[0], [n]])
    sums = csc_array((np.ones(2 * n * m), sums_of.T.ravel(), np.arange(0, 2 * n * m + 1, 2)), shape=(n + m, n * m))
    sides = np.concatenate([supply, demand])
    # Nothing can be presolved: every sum is over as many.
    return float(linprog(costs.ravel(), A_eq=sums, b_eq=sides, method="highs-ds", options={"presolve": False}).fun)
