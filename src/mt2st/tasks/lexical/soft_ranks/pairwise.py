"""Soft ranks by comparing all pairs: smooth everywhere, in n^2 time."""

from __future__ import annotations

import torch

from mt2st.tasks.lexical.checks import check_above_0
from mt2st.tasks.lexical.soft_ranks.precision import in_single


def pairwise_ranks(values: torch.Tensor, temperature: float) -> torch.Tensor:
    r"""Return soft ascending ranks, from 1, of the values along the last axis.

    .. math:: r_i = 1 + \sum_{j \ne i} \sigma((x_i - x_j) / T)

    Parameters
    ----------
    values
        x, (..., n).
    temperature
        T, in units of the values. As it goes to 0, the ranks become the usual ones; as it grows, all become
        (n + 1) / 2. For every T equal values have equal ranks, and the sum of the ranks is n (n + 1) / 2.

    Returns
    -------
    Ranks of the same shape, in float32 or more.

    Raises
    ------
    ConfigError
        If the temperature is not above 0.

    Notes
    -----
    T. Qin, T. Liu and H. Li, "A general approximation framework for direct optimization of information retrieval
    measures", 2010. Costs n^2 time and memory.

    Examples
    --------
    >>> pairwise_ranks(torch.tensor([0.3, -1.0, 0.3, 2.0]), temperature=0.01)
    tensor([2.5000, 1.0000, 2.5000, 4.0000])
    >>> pairwise_ranks(torch.tensor([0.0, 1.0]), temperature=1.0)
    tensor([1.2689, 1.7311])
    """
    check_above_0("temperature", temperature)
    values = in_single(values)
    wins = torch.sigmoid((values.unsqueeze(-1) - values.unsqueeze(-2)) / temperature)  # (..., n, n)
    return wins.sum(-1) + 0.5  # each value wins half against itself
