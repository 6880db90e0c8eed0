"""The mask of the tokens of padded sentences."""

from __future__ import annotations

import torch


def within_lengths(lengths: torch.Tensor, longest: int, device: torch.device | None = None) -> torch.Tensor:
    """Return which places are tokens, (batch, longest), on ``device`` or that of the lengths.

    Examples
    --------
    >>> within_lengths(torch.tensor([1, 3]), 3).int().tolist()
    [[1, 0, 0], [1, 1, 1]]
    """
    lengths = lengths if device is None else lengths.to(device)
    return torch.arange(longest, device=lengths.device) < lengths[:, None]
