"""An embedding of which some dimensions are no longer parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.nn.functional import embedding as look_up

from mt2st.errors import ConfigError


def of_columns(moments: Mapping[str, Any], columns: Sequence[int], shape: torch.Size) -> dict[str, Any]:
    """Return an optimiser's state for some columns, from that for a weight of ``shape``.

    Tensors of the weight's shape are cut, and those with one number per column, such as Adafactor's (1, columns).
    """
    return {
        key: value[:, list(columns)].clone() if getattr(value, "shape", ())[1:] == shape[1:] else value
        for key, value in moments.items()
    }


class PartlyFrozenEmbedding(torch.nn.Module):
    """Returns the same vectors as the embedding it is made from, and trains only the dimensions that are not frozen.

    Frozen ones are a buffer: no gradient, optimiser, weight decay or momentum can change them, or takes time for them.

    Parameters
    ----------
    embedding
        The embedding, whose weight is copied.
    columns
        The frozen dimensions, in ascending order; at least one must stay active.

    Attributes
    ----------
    active
        Parameter (rows, active dimensions).
    frozen
        Buffer (rows, frozen dimensions).

    Raises
    ------
    ConfigError
        If the embedding renormalises rows as they are used (``max_norm``), which would change frozen dimensions.

    Examples
    --------
    >>> whole = torch.nn.Embedding.from_pretrained(torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    >>> part = PartlyFrozenEmbedding(whole, [1])
    >>> part(torch.tensor([1])).tolist(), part.active.tolist()
    ([[4.0, 5.0, 6.0]], [[1.0, 3.0], [4.0, 6.0]])
    """

    places: torch.Tensor
    frozen: torch.Tensor

    def __init__(self, embedding: torch.nn.Embedding, columns: Sequence[int]) -> None:
        super().__init__()
        if embedding.max_norm is not None:
            raise ConfigError("an embedding with max_norm changes rows as it reads them: freeze all of it, or none")
        weight = embedding.weight.detach()
        kept = [column for column in range(weight.shape[1]) if column not in set(columns)]
        self.columns = {"active": kept, "frozen": list(columns)}
        self.active = torch.nn.Parameter(weight[:, kept].clone())
        self.register_buffer("frozen", weight[:, list(columns)].clone())
        order = torch.tensor([*kept, *columns], device=weight.device)
        self.register_buffer("places", torch.argsort(order), persistent=False)
        self.padding_idx, self.sparse = embedding.padding_idx, embedding.sparse
        self.scale_grad_by_freq = embedding.scale_grad_by_freq

    @property
    def weight(self) -> torch.Tensor:
        """Return all dimensions in their order, (rows, dimensions); a new tensor each time."""
        return torch.cat([self.active, self.frozen], 1)[:, self.places]

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of rows, (..., dimensions)."""
        active = look_up(
            ids, self.active, self.padding_idx, scale_grad_by_freq=self.scale_grad_by_freq, sparse=self.sparse
        )
        return torch.cat([active, look_up(ids, self.frozen)], -1).index_select(-1, self.places)

    def extra_repr(self) -> str:
        """Return the numbers of dimensions."""
        kept, frozen = (len(self.columns[name]) for name in ("active", "frozen"))
        return f"{len(self.active)} rows, {kept} dimensions active, {frozen} frozen"
