"""The precision that ranks need."""

from __future__ import annotations

import torch


def in_single(values: torch.Tensor) -> torch.Tensor:
    """Return values in float32 if they have less precision, as bfloat16 cannot tell ranks over 256 apart.

    Examples
    --------
    >>> in_single(torch.ones(2, dtype=torch.bfloat16)).dtype, in_single(torch.ones(2, dtype=torch.float64)).dtype
    (torch.float32, torch.float64)
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))
