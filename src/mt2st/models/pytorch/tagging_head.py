"""The head of a tagging task: from the states of tokens to tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.crf import LinearChainCRF
from mt2st.models.pytorch.first_values import draw_evenly, seeded_linear
from mt2st.models.pytorch.lengths import within_lengths
from mt2st.models.pytorch.text_encoder import EVERYTHING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.text_encoder import TextEncoder
    from mt2st.text import Ragged


class TaggingHead(torch.nn.Module):
    """Emissions by a linear layer on the encoder's states, and with a CRF the scores of neighbouring tags.

    A token's surface features (its shape, its first and last letters) are added to its word vector before the encoder,
    as the mean of one vector per feature. A word without a row in the shared table has only these.

    Parameters
    ----------
    encoder
        The shared encoder, for its sizes.
    tags
        Number of tags.
    buckets
        Number of rows for surface features.
    seed
        Seed of the initial values.
    crf
        Whether to score sequences instead of single tokens.
    allowed
        Which tags may follow which, for the CRF; see `LinearChainCRF`.
    surface
        The vectors of surface features of another head, (buckets, vector_size), to share with it; None: its own.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        tags: int,
        buckets: int,
        seed: int,
        *,
        crf: bool = False,
        allowed: torch.Tensor | None = None,
        surface: torch.nn.Parameter | None = None,
    ) -> None:
        super().__init__()
        vector_size = encoder.embedding.embedding_dim
        self.surface = torch.nn.Parameter(torch.empty(buckets, vector_size)) if surface is None else surface
        if surface is None:
            draw_evenly(self, vector_size**-0.5, seed)
        self.linear = seeded_linear(encoder.output_size, tags, seed + 1)
        self.crf = LinearChainCRF(tags, allowed, seed + 2) if crf else None

    def states(
        self,
        encoder: TextEncoder,
        rows: Ragged,
        batch: NDArray[np.int64],
        surface: torch.Tensor,
        part: slice = EVERYTHING,
    ) -> torch.Tensor:
        """Return the encoder's states of the tokens of ``batch[part]``, concatenated, (tokens, output_size).

        ``surface`` has the features of these tokens, (tokens, features).
        """
        looks = torch.nn.functional.embedding_bag(surface, self.surface, mode="mean")  # (tokens, vector_size)
        return encoder.states(rows, batch, part, looks)

    def emissions(
        self, encoder: TextEncoder, rows: Ragged, batch: NDArray[np.int64], surface: torch.Tensor
    ) -> torch.Tensor:
        """Return the score of each tag for each token of the sentences ``batch``, concatenated, (tokens, tags)."""
        found: torch.Tensor = self.linear(self.states(encoder, rows, batch, surface))
        return found

    def mean_loss(self, emissions: torch.Tensor, tags: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return minus the log likelihood of the known tags, divided by their number.

        Parameters
        ----------
        emissions, tags
            (tokens, tags) and (tokens,), concatenated; a tag of -1 is unknown. At least one must be known.
        lengths
            Number of tokens of each sentence, (batch,), at least 1.
        """
        if self.crf is None or not len(lengths):
            return torch.nn.functional.cross_entropy(emissions, tags, ignore_index=-1)
        padded = pad(emissions, lengths), pad(tags, lengths)
        return -self.crf.log_likelihood(*padded, lengths).sum() / (tags >= 0).sum()

    def decode(self, emissions: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the most likely tags, (tokens,), concatenated."""
        if self.crf is None or not len(lengths):
            return emissions.argmax(1)
        found = self.crf.decode(pad(emissions, lengths), lengths)
        return found[within_lengths(lengths, found.shape[1], found.device)]


def pad(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return concatenated rows as (batch, longest, ...), padded with 0.

    Examples
    --------
    >>> pad(torch.tensor([1, 2, 3]), torch.tensor([1, 2])).tolist()
    [[1, 0], [2, 3]]
    """
    within = within_lengths(lengths, int(lengths.max()), values.device)
    return values.new_zeros(*within.shape, *values.shape[1:]).index_put((within,), values)
