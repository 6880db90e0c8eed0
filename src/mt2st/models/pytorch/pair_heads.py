"""Heads that compute a similarity from the vectors of two texts."""

from __future__ import annotations

from typing import Literal

import torch

from mt2st.models.pytorch.first_values import seeded_linear

PairHead = Literal["cosine", "mlp"]
HIDDEN = 64


class CosineHead(torch.nn.Module):
    """``a * cos(u, v) + b`` with learned a and b; the cosine with a vector of zeros is 0.

    Examples
    --------
    >>> CosineHead()(torch.tensor([[1.0, 0.0]]), torch.tensor([[3.0, 0.0]])).tolist()
    [1.0]
    """

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.offset = torch.nn.Parameter(torch.ones(1)), torch.nn.Parameter(torch.zeros(1))

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """Return a number a pair, (pairs,), from vectors of shape (pairs, size)."""
        found: torch.Tensor = self.slope * torch.nn.functional.cosine_similarity(left, right) + self.offset
        return found


class MLPHead(torch.nn.Module):
    """``w2 tanh(W1 [|u - v|; u * v] + b1) + b2``, which is symmetric in the texts.

    Parameters
    ----------
    size
        Size of a text's vector.
    seed
        Seed of the initial values.
    """

    def __init__(self, size: int, seed: int) -> None:
        super().__init__()
        self.inner, self.outer = seeded_linear(2 * size, HIDDEN, seed), seeded_linear(HIDDEN, 1, seed + 1)

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """Return a number a pair, (pairs,), from vectors of shape (pairs, size)."""
        features = torch.cat([(left - right).abs(), left * right], 1)  # (pairs, 2 size)
        found: torch.Tensor = self.outer(self.inner(features).tanh())[:, 0]
        return found


def pair_head(kind: PairHead, size: int, seed: int) -> torch.nn.Module:
    """Return the head of a kind for vectors of a size."""
    return CosineHead() if kind == "cosine" else MLPHead(size, seed)
