"""Algorithm 3 of the paper taken literally: the elements of two vectors in the same order."""

from __future__ import annotations

import torch

from mt2st.tasks.lexical.checks import check_shape
from mt2st.tasks.lexical.soft_ranks.spearman import Ranks, rank_correlation, soft_ranks


def elements_loss(vectors: torch.Tensor, *, temperature: float = 0.1, ranks: Ranks = "pairwise") -> torch.Tensor:
    r"""Return minus the mean of Spearman's rho between the elements of two words' vectors: ``over="elements"``.

    .. math:: L = -\frac1n \sum_{(u, v)} \rho(\text{soft ranks of } E_u, \; \text{soft ranks of } E_v)

    This is algorithm 3 taken literally, which ranks the dimensions of two vectors and uses no human score: it makes the
    words of every pair similar. Give it pairs of similar words.

    Parameters
    ----------
    vectors
        Vectors of both words of each pair, (pairs, 2, dim).
    temperature
        In units of a vector's root mean square, as the size of the elements has no meaning; the gradient treats that as
        a constant.
    ranks
        See `mt2st.tasks.lexical.soft_ranks`.

    Returns
    -------
    A scalar between -1 and 1; a vector of zeros has rho 0.

    Raises
    ------
    ConfigError
        As `similarity_loss`.

    Examples
    --------
    >>> elements_loss(torch.tensor([[[1.0, 2.0, 3.0, 4.0], [10.0, 30.0, 20.0, 40.0]]]), temperature=0.001)
    tensor(-0.8000)
    """
    check_shape("vectors", vectors, "(pairs, 2, dim)", None, 2, None)
    size = vectors.detach().square().mean(-1, keepdim=True).sqrt()
    found = soft_ranks(vectors / torch.where(size > 0, size, torch.ones_like(size)), temperature, ranks)
    return -rank_correlation(found[:, 0], found[:, 1]).mean()
