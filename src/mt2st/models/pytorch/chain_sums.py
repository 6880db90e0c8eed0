"""Sums over all sequences of a chain, by the forward-backward algorithm in logarithms.

Everywhere: emissions are (batch, longest, tags), transitions (tags, tags) from row to column, scores of first and last
tags (tags,), lengths (batch,), all on one device; values after a sentence's end are ignored.

A token's sums are relative to the largest among its tags: sums that grow with the sentence would lose precision, and
so would the probabilities of a long one. The values subtracted are summed in double precision.
"""

from __future__ import annotations

from typing import Any

import torch

from mt2st.models.pytorch.lengths import within_lengths


class LogPartition(torch.autograd.Function):
    """log Z, whose gradients are probabilities: of tags, and of pairs of neighbours.

    The gradient is implemented by hand, as autograd would keep, and run backward, a node for each operation.
    """

    @staticmethod
    def forward(ctx: Any, *inputs: torch.Tensor) -> torch.Tensor:
        """Return log Z, (batch,), in double precision, of emissions, transitions, first, last and lengths."""
        alphas, whole = forward_sums(*inputs)
        ctx.save_for_backward(*inputs, alphas)
        return whole

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradient by each input; lengths have none."""
        emissions, transitions, _, last, lengths, alphas = ctx.saved_tensors
        gradient = gradient.to(alphas.dtype)
        betas = backward_sums(emissions, transitions, last, lengths)
        tags = tag_probabilities(alphas, betas, lengths) * gradient[:, None]  # (longest, batch, tags)
        pairs = pair_probabilities(emissions, transitions, alphas, betas, lengths, gradient)
        sentences = torch.arange(len(lengths), device=lengths.device)
        return tags.transpose(0, 1), pairs, tags[0].sum(0), tags[lengths - 1, sentences].sum(0), None


def forward_sums(
    emissions: torch.Tensor, transitions: torch.Tensor, first: torch.Tensor, last: torch.Tensor, lengths: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the log of the forward sums, (longest, batch, tags), and log Z, (batch,)."""
    emitted, within = emissions.unbind(1), within_lengths(lengths, emissions.shape[1]).T[..., None].unbind()
    sums = first + emitted[0]
    alphas: list[torch.Tensor] = []
    peaks = []
    for at, token in enumerate(emitted):
        if at:
            sums = ((alphas[-1][:, :, None] + transitions).logsumexp(1) + token).where(within[at], alphas[-1])
        peaks.append(sums.amax(1, keepdim=True))
        alphas.append(sums - peaks[-1])
    return torch.stack(alphas), torch.cat(peaks, 1).double().sum(1) + (alphas[-1] + last).logsumexp(1)


def backward_sums(
    emissions: torch.Tensor, transitions: torch.Tensor, last: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return the log of the backward sums, (longest, batch, tags)."""
    emitted, within = emissions.unbind(1), within_lengths(lengths, emissions.shape[1]).T[..., None].unbind()
    betas = [last.expand(len(emissions), -1)]
    for at in range(len(emitted) - 1, 0, -1):
        left = (transitions + (emitted[at] + betas[-1])[:, None]).logsumexp(2)
        betas.append((left - left.amax(1, keepdim=True)).where(within[at], betas[-1]))
    return torch.stack(betas[::-1])


def tag_probabilities(alphas: torch.Tensor, betas: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the probability of each tag of each token, (longest, batch, tags); 0 after a sentence's end."""
    within = within_lengths(lengths, len(alphas)).T[..., None]  # (longest, batch, 1)
    return (alphas + betas).softmax(2).masked_fill(~within, 0)


def pair_probabilities(
    emissions: torch.Tensor,
    transitions: torch.Tensor,
    alphas: torch.Tensor,
    betas: torch.Tensor,
    lengths: torch.Tensor,
    gradient: torch.Tensor,
) -> torch.Tensor:
    """Return the expected number of each transition, (tags, tags), with sentences weighted by ``gradient``."""
    within = within_lengths(lengths, len(alphas)).T[1:]  # (longest - 1, batch)
    right = (emissions.transpose(0, 1)[1:] + betas[1:])[within]  # (transitions, tags)
    shares = gradient.expand(len(within), -1)[within]
    pairs = (alphas[:-1][within][:, :, None] + transitions + right[:, None]).flatten(1).softmax(1)
    return (shares @ pairs).view_as(transitions)
