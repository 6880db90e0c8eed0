"""Packed sentences of words, each distinct word's vector held once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PackedWords(NamedTuple):
    """What a `PackedSequence` of word vectors holds, without repeating the vectors of words that occur repeatedly.

    Attributes
    ----------
    vectors
        (distinct, vector_size).
    words
        (tokens,), int64: the row of ``vectors`` of each token, in packed order.
    batch_sizes, sorted_indices, unsorted_indices
        As in `torch.nn.utils.rnn.PackedSequence`.

    Examples
    --------
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.tensor([[5.0], [7.0]]), torch.tensor([[5.0]])])
    >>> words = PackedWords(torch.tensor([[5.0], [7.0]]), np.array([0, 0, 1]), *packed[1:])
    >>> torch.equal(words.spread().data, packed.data)
    True
    """

    vectors: torch.Tensor
    words: NDArray[np.int64]
    batch_sizes: torch.Tensor
    sorted_indices: torch.Tensor | None = None
    unsorted_indices: torch.Tensor | None = None

    @classmethod
    def of_tokens(cls, packed: PackedSequence) -> PackedWords:
        """Return packed vectors with each token as a word of its own."""
        return cls(packed.data, np.arange(len(packed.data)), *packed[1:])

    def spread(self) -> PackedSequence:
        """Return the vectors of all tokens."""
        return self.like(self.vectors[torch.from_numpy(self.words).to(self.vectors.device)])

    def like(self, data: torch.Tensor) -> PackedSequence:
        """Return ``data``, (tokens, any size), packed as the words are."""
        return PackedSequence(data, self.batch_sizes, self.sorted_indices, self.unsorted_indices)
