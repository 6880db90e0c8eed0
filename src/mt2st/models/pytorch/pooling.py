"""Pooling the states of a sentence's tokens to one vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch

from mt2st.models.pytorch.first_values import draw_evenly
from mt2st.models.pytorch.lengths import within_lengths

Pooling = Literal["max", "mean", "attention"]


def max_over(states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the maximum of each dimension over a sentence's own tokens, (batch, size).

    Examples
    --------
    >>> max_over(torch.tensor([[[1.0], [3.0]], [[2.0], [9.0]]]), torch.tensor([2, 1])).tolist()
    [[3.0], [2.0]]
    """
    return states.masked_fill(_beyond(states, lengths)[..., None], -torch.inf).amax(1)


def mean_over(states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the mean over a sentence's own tokens, (batch, size).

    Examples
    --------
    >>> mean_over(torch.tensor([[[1.0], [3.0]], [[2.0], [9.0]]]), torch.tensor([2, 1])).tolist()
    [[2.0], [2.0]]
    """
    return states.masked_fill(_beyond(states, lengths)[..., None], 0).sum(1) / lengths.to(states.device)[:, None]


class AttentionPooling(torch.nn.Module):
    """``sum_t a_t h_t`` with ``a = softmax over t of u^T tanh(W h_t + b)``, t over the sentence's own tokens.

    Parameters
    ----------
    size
        Size of the states h, and of ``W h + b``.
    seed
        Seed of the initial values.

    Notes
    -----
    D. Bahdanau et al., "Neural machine translation by jointly learning to align and translate", 2015, with the learned
    ``u`` as query, as in Z. Yang et al., "Hierarchical attention networks for document classification", 2016.

    Examples
    --------
    >>> pool = AttentionPooling(2, seed=1)
    >>> states = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [7.0, 7.0]]])
    >>> round(float(pool(states, torch.tensor([2])).sum().detach()), 4)  # weights sum to 1
    1.0
    """

    def __init__(self, size: int, seed: int = 0) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(size, size))
        self.bias, self.query = (torch.nn.Parameter(torch.empty(size)) for _ in range(2))
        draw_evenly(self, size**-0.5, seed)

    def forward(self, states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return one vector per sentence, (batch, size), from states (batch, tokens, size)."""
        weights = self.weights(states, lengths)
        # Masked, as zero times a state after the end may be NaN.
        return (states * weights[..., None]).masked_fill(_beyond(states, lengths)[..., None], 0).sum(1)

    def weights(self, states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the weight of each token, (batch, tokens)."""
        scores = torch.nn.functional.linear(states, self.weight, self.bias).tanh() @ self.query  # (batch, tokens)
        return scores.masked_fill(_beyond(states, lengths), -torch.inf).softmax(1)


def make_pool(
    kind: Pooling, size: int, seed: int = 0
) -> AttentionPooling | Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return a pooling of states (batch, tokens, size)."""
    if kind == "attention":
        return AttentionPooling(size, seed)
    return max_over if kind == "max" else mean_over


def _beyond(states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    return ~within_lengths(lengths, states.shape[1], states.device)
