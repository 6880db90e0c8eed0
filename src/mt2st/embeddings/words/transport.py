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
    from scipy.sparse import eye_array, kron, vstack

    n, m = costs.shape
    sums = vstack([kron(eye_array(n), np.ones((1, m))), kron(np.ones((1, n)), eye_array(m))])
    return float(linprog(costs.ravel(), A_eq=sums, b_eq=np.concatenate([supply, demand])).fun)
