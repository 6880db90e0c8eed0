"""A small transformer."""

from __future__ import annotations

import torch
from torch.nn.functional import gelu, scaled_dot_product_attention

from mt2st.errors import ConfigError
from mt2st.models.pytorch.first_values import BlankLinear, draw_layers
from mt2st.models.pytorch.lengths import within_lengths

INNER = 4
# The initial scale of positions, so that they do not dominate word vectors of unit variance.
POSITION_SCALE = 0.3


class Transformer(torch.nn.Module):
    """Layers of ``x += attention(norm(x)); x += W2 gelu(W1 norm(x))`` (pre-norm) on normed vectors with positions.

    Parameters
    ----------
    vector_size
        Size of the words' vectors, and of the states.
    layers, heads
        The vectors' size must be a multiple of the heads.
    seed
        Seed of the initial values.

    Raises
    ------
    ConfigError
        If the heads do not divide the vectors.

    Notes
    -----
    A. Vaswani et al., "Attention is all you need", 2017: positions are its sinusoids, times a learned scale; sentences
    have no maximum length. Vectors are normalised first, since those of a new table are so short that positions would
    dominate. Attention is masked after a sentence's end. Dropout is the encoder's, on vectors and result.

    Attention takes time quadratic in the tokens: a text of 20,000 takes a minute and more. ``max_words`` limits the
    words read of a text.

    Examples
    --------
    >>> Transformer(4, heads=2)(torch.ones(1, 3, 4), torch.tensor([3])).shape
    torch.Size([1, 3, 4])
    """

    name, pooling = "transformer", "mean"

    def __init__(self, vector_size: int, layers: int = 2, heads: int = 4, seed: int = 0) -> None:
        super().__init__()
        if layers < 1 or heads < 1 or vector_size % heads:
            raise ConfigError(
                f"a transformer needs a layer and heads that divide vector_size, found layers = {layers}, "
                f"heads = {heads}, vector_size = {vector_size}"
            )
        self.output_size = vector_size
        self.first_norm, self.last_norm = torch.nn.LayerNorm(vector_size), torch.nn.LayerNorm(vector_size)
        self.position_scale = torch.nn.Parameter(torch.full((1,), POSITION_SCALE))
        self.layers = torch.nn.ModuleList(_Layer(vector_size, heads) for _ in range(layers))
        draw_layers(self, seed)

    def forward(self, vectors: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return states (batch, tokens, vector_size) from vectors of the same shape."""
        within = within_lengths(lengths, vectors.shape[1], vectors.device)
        states = self.first_norm(vectors) + self.position_scale * sinusoids(*vectors.shape[1:]).to(vectors)
        for layer in self.layers:
            states = layer(states, within[:, None, None, :])
        found: torch.Tensor = self.last_norm(states)
        return found


class _Layer(torch.nn.Module):
    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm, self.inner_norm = torch.nn.LayerNorm(size), torch.nn.LayerNorm(size)
        self.projections, self.merge = BlankLinear(size, 3 * size), BlankLinear(size, size)
        self.inner, self.outer = BlankLinear(size, INNER * size), BlankLinear(INNER * size, size)

    def forward(self, states: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        batch, tokens, size = states.shape
        split = self.projections(self.attention_norm(states)).view(batch, tokens, 3, self.heads, size // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)  # each (batch, heads, tokens, size / heads)
        attended = scaled_dot_product_attention(queries, keys, values, attn_mask=seen)
        states = states + self.merge(attended.transpose(1, 2).flatten(2))
        found: torch.Tensor = states + self.outer(gelu(self.inner(self.inner_norm(states))))
        return found


def sinusoids(tokens: int, size: int) -> torch.Tensor:
    """Return ``sin(t / 10000^(2 i / size))`` and the cosines of the same, side by side, (tokens, size).

    Examples
    --------
    >>> sinusoids(2, 2)
    tensor([[0.0000, 1.0000],
            [0.8415, 0.5403]])
    """
    rates = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.arange(tokens, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)[:, :size].float()
