"""Convolutions over a few words at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.errors import ConfigError
from mt2st.models.pytorch.first_values import BlankLinear, draw_layers
from mt2st.models.pytorch.lengths import within_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence


class CNN(torch.nn.Module):
    """``relu(W [x_(t-a); ...; x_(t+b)] + b)`` for several widths ``a + 1 + b``, side by side; a = (width - 1) // 2.

    Parameters
    ----------
    vector_size
        Size of the words' vectors.
    filters
        Number of filters of each width; a state has ``filters * len(widths)`` numbers. 100 as in the paper.
    widths
        Widths in words; by default those of the paper.
    seed
        Seed of the initial values.

    Raises
    ------
    ConfigError
        If these are not above 0, or a width occurs twice.

    Notes
    -----
    Y. Kim, "Convolutional neural networks for sentence classification", 2014, with max over time as pooling. There a
    filter is applied only within the sentence; here it is centred at every word, with zero padding at both ends, so
    that each word has a state and a sentence may be shorter than a filter.

    Examples
    --------
    >>> CNN(2, filters=5)(torch.ones(1, 3, 2), torch.tensor([3])).shape
    torch.Size([1, 3, 15])
    """

    name, pooling = "cnn", "max"

    def __init__(self, vector_size: int, filters: int = 100, widths: Sequence[int] = (3, 4, 5), seed: int = 0) -> None:
        super().__init__()
        if filters < 1 or not widths or min(widths) < 1 or len(set(widths)) < len(widths):
            raise ConfigError(f"a cnn needs filters and widths above 0, each width once: {filters}, {widths} found")
        self.output_size = filters * len(widths)
        self.widths = {f"width{width}": width for width in widths}
        self.filters = torch.nn.ModuleDict(
            {name: BlankLinear(width * vector_size, filters) for name, width in self.widths.items()}
        )
        draw_layers(self, seed)

    def forward(self, vectors: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return states (batch, tokens, output_size) from vectors (batch, tokens, vector_size)."""
        within = within_lengths(lengths, vectors.shape[1], vectors.device)
        vectors = vectors.masked_fill(~within[..., None], 0)
        return torch.cat([self._filtered(name, vectors) for name in self.filters], 2).relu()

    def _filtered(self, name: str, vectors: torch.Tensor) -> torch.Tensor:
        width = self.widths[name]
        before = (width - 1) // 2
        padded = torch.nn.functional.pad(vectors, (0, 0, before, width - 1 - before))
        windows = padded.unfold(1, width, 1)  # (batch, tokens, vector_size, width)
        found: torch.Tensor = self.filters[name](windows.flatten(2))
        return found
