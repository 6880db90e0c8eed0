"""Cosines of rows of tensors, the measure of all lexical objectives."""

from __future__ import annotations

import torch


def unit_rows(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors (..., dim) at length 1; zeros stay zeros.

    Zeros are divided by 1, as in `mt2st.evaluation.cosine.divisors`: their cosine is 0 and its gradient is that of a
    vector of length 1, so that a zero vector can be trained. `torch.nn.functional.normalize` divides by 1e-12, which
    makes the gradient 1e12.

    Examples
    --------
    >>> vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0]], requires_grad=True)
    >>> unit_rows(vectors)
    tensor([[0.6000, 0.8000],
            [0.0000, 0.0000]], grad_fn=<DivBackward0>)
    """
    norms = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return vectors / torch.where(norms > 0, norms, torch.ones_like(norms))


def row_cosines(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return the cosine of each row of ``first`` with that of ``second``, both (..., dim); 0 if one is zeros.

    Examples
    --------
    >>> row_cosines(torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([[3.0, 4.0], [3.0, 4.0]]))
    tensor([0.6000, 0.0000])
    """
    return (unit_rows(first) * unit_rows(second)).sum(-1)
