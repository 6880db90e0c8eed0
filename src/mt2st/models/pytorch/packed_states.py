"""Maxima, and concatenation by sentence, of packed sentences' states without padding them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from mt2st.models.kernels.greatest import greatest_of_packed, to_greatest


def max_over_packed(states: PackedSequence) -> torch.Tensor:
    """Return the maximum of each dimension over each sentence's tokens, (batch, size).

    Its gradient goes to the first token that has it; `torch.amax` divides it among all of them. On a device and in
    other precisions, torch computes it. Differentiable once.

    Examples
    --------
    >>> from torch.nn.utils.rnn import pack_sequence
    >>> max_over_packed(pack_sequence([torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0]])])).tolist()
    [[3.0], [2.0]]
    """
    data = states.data
    if data.dtype != torch.float32 or data.device.type != "cpu":
        return pad_packed_sequence(states, batch_first=True, padding_value=-torch.inf)[0].amax(1)
    sentences = torch.arange(int(states.batch_sizes[0])) if states.sorted_indices is None else states.sorted_indices
    found: torch.Tensor = _Greatest.apply(data, states.batch_sizes, sentences)  # type: ignore[no-untyped-call]
    return found


def end_to_end(states: PackedSequence) -> torch.Tensor:
    """Return the states in the order of sentences, (tokens, size).

    Examples
    --------
    >>> from torch.nn.utils.rnn import pack_sequence
    >>> end_to_end(pack_sequence([torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0]])])).tolist()
    [[1.0], [3.0], [2.0]]
    """
    counts = states.batch_sizes.numpy()
    ranks = np.arange(counts[0]) if states.unsorted_indices is None else states.unsorted_indices.cpu().numpy()
    sentences, times = np.nonzero(ranks[:, None] < counts)
    places = (np.cumsum(counts) - counts)[times] + ranks[sentences]
    return states.data.index_select(0, torch.from_numpy(places).to(states.data.device))


class _Greatest(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, data: torch.Tensor, counts: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor:
        greatest = data.new_empty(len(sentences), data.shape[1])
        tokens = torch.empty(greatest.shape, dtype=torch.int32)
        greatest_of_packed(*(each.contiguous().numpy() for each in (data, counts, sentences, greatest, tokens)))
        ctx.save_for_backward(tokens)
        ctx.shape = data.shape
        return greatest

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, changes: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        spread = changes.new_zeros(ctx.shape)
        to_greatest(*(each.contiguous().numpy() for each in (changes, *ctx.saved_tensors, spread)))
        return spread, None, None
