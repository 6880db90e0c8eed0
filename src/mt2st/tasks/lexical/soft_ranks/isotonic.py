"""Soft ranks by isotonic regression: n log n time, and ranks are exact already at a temperature above 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mt2st.tasks.lexical.checks import check_above_0
from mt2st.tasks.lexical.soft_ranks.precision import in_single


def isotonic_ranks(values: torch.Tensor, temperature: float) -> torch.Tensor:
    r"""Return soft ascending ranks, from 1: the point of the permutahedron that is nearest to x / T.

    .. math:: r = \arg\min_{y \in P} \tfrac12 \|y - x / T\|^2, \quad P = conv\{\text{permutations of } 1, \dots, n\}

    With z = x / T sorted from the largest down by :math:`s`, :math:`r_s = z_s - v` where v is the non-increasing
    sequence nearest to :math:`z_s - (n, n - 1, \dots, 1)`.

    Parameters
    ----------
    values
        x, (..., n).
    temperature
        T, in units of the values. Ranks are the usual ones if neighbouring values are at least T apart (if j and k
        values equal these two, (j + k) T / 2); as T grows, all become (n + 1) / 2. Equal values have equal ranks.

    Returns
    -------
    Ranks of the same shape, in float32 or more; their sum is n (n + 1) / 2 always.

    Raises
    ------
    ConfigError
        If the temperature is not above 0.

    Notes
    -----
    M. Blondel, O. Teboul, Q. Berthet and J. Djolonga, "Fast differentiable sorting and ranking", 2020. The published
    packages need a compiler or are unmaintained; this one pools adjacent violators in plain Python.

    If values are T or more apart, the gradient is exactly zero: nothing is learned from them.

    Examples
    --------
    >>> isotonic_ranks(torch.tensor([0.3, -1.0, 0.3, 2.0]), temperature=0.1)
    tensor([2.5000, 1.0000, 2.5000, 4.0000])
    >>> isotonic_ranks(torch.tensor([0.0, 1.0]), temperature=2.0)
    tensor([1.2500, 1.7500])
    """
    check_above_0("temperature", temperature)
    found: torch.Tensor = _Projection.apply(in_single(values) / temperature)  # type: ignore[no-untyped-call]
    return found


class _Projection(torch.autograd.Function):
    """Project onto the permutahedron of 1, ..., n."""

    @staticmethod
    def forward(ctx: Any, z: torch.Tensor) -> torch.Tensor:
        descending, order = z.sort(dim=-1, descending=True, stable=True)
        size = z.shape[-1]
        ranks = torch.arange(size, 0, -1, dtype=z.dtype, device=z.device)
        starts = torch.from_numpy(_block_starts((descending - ranks).detach().cpu().double().numpy())).to(z.device)
        ctx.save_for_backward(order, starts)
        # Equal to the value minus its block's mean of (value - rank), but that difference of two numbers of the size of
        # x / T would lose the digits of the rank.
        found = descending - block_means(descending, starts) + block_means(ranks.expand_as(z), starts)
        return torch.empty_like(z).scatter_(-1, order, found)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        order, starts = ctx.saved_tensors
        # The Jacobian is I - B in sorted order, B the mean over blocks; it is symmetric.
        sorted_gradient = gradients[0].gather(-1, order)
        moved = sorted_gradient - block_means(sorted_gradient, starts)
        return torch.empty_like(moved).scatter_(-1, order, moved)


def block_means(values: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    """Return for each value the mean of its block, in the same shape.

    Parameters
    ----------
    values
        Shape (..., n).
    starts
        Whether a block begins at a place, of the same shape, bool; the first of each row must be True.

    Examples
    --------
    >>> block_means(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([True, False, True]))
    tensor([2., 2., 5.])
    """
    number = starts.flatten().cumsum(0) - 1  # of the block, over all rows
    sums = torch.zeros(int(starts.sum()), dtype=values.dtype, device=values.device)
    sizes = torch.bincount(number).to(values.dtype)
    means = sums.index_add_(0, number, values.flatten()) / sizes
    return means[number].view_as(values)


def _block_starts(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where the blocks of the nearest non-increasing sequences begin, for rows (..., n)."""
    rows = values.reshape(-1, values.shape[-1])
    starts = np.zeros(rows.shape, np.bool_)
    for row, flags in zip(rows, starts, strict=True):
        flags[pool_violators(row.tolist())] = True
    return starts.reshape(values.shape)


def pool_violators(values: list[float]) -> list[int]:
    """Return the starts of the blocks of the non-increasing sequence nearest to ``values``, constant on each block.

    Pools adjacent violators, in one pass.

    Examples
    --------
    >>> pool_violators([5.0, 1.0, 3.0, 2.0])
    [0, 1]
    """
    starts: list[int] = []
    sums: list[float] = []
    for place, value in enumerate(values):
        starts.append(place)
        sums.append(value)
        # Merge a block into the one before if its mean is at least as large.
        while len(starts) > 1 and sums[-1] * (starts[-1] - starts[-2]) >= sums[-2] * (place + 1 - starts[-1]):
            sums[-2:] = [sums[-2] + sums[-1]]
            starts.pop()
    return starts
