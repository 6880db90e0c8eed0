"""Spearman's rank correlation with a gradient."""

from __future__ import annotations

from typing import Literal

import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.cosines import unit_rows
from mt2st.tasks.lexical.soft_ranks.isotonic import isotonic_ranks
from mt2st.tasks.lexical.soft_ranks.pairwise import pairwise_ranks
from mt2st.tasks.lexical.soft_ranks.precision import in_single

Ranks = Literal["pairwise", "isotonic"]
METHODS = {"pairwise": pairwise_ranks, "isotonic": isotonic_ranks}


def soft_ranks(values: torch.Tensor, temperature: float, ranks: Ranks = "pairwise") -> torch.Tensor:
    """Return soft ascending ranks along the last axis, by `pairwise_ranks` or `isotonic_ranks`.

    Raises
    ------
    ConfigError
        If ``ranks`` is unknown, the temperature is not above 0, or there are no values.

    Examples
    --------
    >>> soft_ranks(torch.tensor([0.1, 0.3, 0.2]), 0.001, "isotonic")
    tensor([1., 3., 2.])
    """
    if ranks not in METHODS:
        raise ConfigError(f"ranks must be one of {', '.join(METHODS)}, {ranks!r} found")
    if not values.numel():
        raise ConfigError(f"values must not be empty, {tuple(values.shape)} found")
    return METHODS[ranks](values, temperature)


def average_ranks(values: torch.Tensor) -> torch.Tensor:
    """Return the usual ascending ranks of values (n,), from 1; equal values share their mean rank. No gradient.

    Examples
    --------
    >>> average_ranks(torch.tensor([7.0, 1.0, 7.0, 9.0]))
    tensor([2.5000, 1.0000, 2.5000, 4.0000])
    """
    _, number, counts = values.detach().unique(return_inverse=True, return_counts=True)  # type: ignore[no-untyped-call]
    last = counts.cumsum(0)
    found: torch.Tensor = (last - (counts - 1) / 2)[number]
    return found.to(in_single(values).dtype)


def rank_correlation(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    r"""Return Pearson's correlation of two sets of ranks along the last axis: Spearman's rho.

    .. math:: \rho = \frac{\sum_i (r_i - \bar r)(s_i - \bar s)}{\|r - \bar r\| \, \|s - \bar s\|}

    Equal to :math:`1 - 6 \sum d^2 / (n (n^2 - 1))`, algorithm 3's form, if there are no ties and ranks are whole
    numbers. For soft ranks that form is wrong: it would give ranks that are all equal a correlation of a half.

    Parameters
    ----------
    first, second
        r and s, (..., n).

    Returns
    -------
    Shape (...); 0, without a gradient, if all ranks of one side are equal, as for n < 2.

    Examples
    --------
    >>> rank_correlation(torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 3.0, 2.0, 4.0]))
    tensor(0.8000)
    """
    return (unit_rows(_centred(first)) * unit_rows(_centred(second))).sum(-1)


def _centred(ranks: torch.Tensor) -> torch.Tensor:
    """Return ranks minus their mean, or zeros if they differ only by rounding."""
    centred = ranks - ranks.mean(-1, keepdim=True)
    rounding = 8 * torch.finfo(ranks.dtype).eps * ranks.abs().amax(-1, keepdim=True)
    apart = centred.detach().abs().amax(-1, keepdim=True) > rounding
    return torch.where(apart, centred, torch.zeros_like(centred))
