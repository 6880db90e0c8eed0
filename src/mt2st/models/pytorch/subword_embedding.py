"""An embedding whose words are composed of several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import embedding_bag

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.embeddings.word_rows import WordRows


class SubwordEmbedding(torch.nn.Module):
    """Maps a word to the mean of its own row and its n-grams' rows, an unknown word to that of its n-grams' rows.

    Parameters
    ----------
    table
        Rows of words, then rows of n-grams, (rows, vector_size), float32; the weight is this memory.
    words
        The rows that make up each word. New words may be added at any time.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.embeddings.subwords import SubwordIndex
    >>> from mt2st.embeddings.word_rows import WordRows
    >>> words = WordRows(["is"], SubwordIndex.of(["is"], min_n=3, max_n=3, bucket=1000))
    >>> embedding = SubwordEmbedding(np.array([[3], [6], [9]], np.float32), words)
    >>> numbers = words.encode(["is", "his"])  # of <hi, his and is> the last is known
    >>> embedding(torch.from_numpy(numbers)).flatten().tolist()
    [6.0, 3.0]
    """

    def __init__(self, table: NDArray[np.float32], words: WordRows) -> None:
        super().__init__()
        self.words, self.embedding_dim = words, table.shape[1]
        self.weight = torch.nn.Parameter(torch.from_numpy(table))

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return the vectors of words, (..., vector_size), of their numbers (...); gradients are sparse."""
        # A word that occurs several times is composed once.
        unique, places = torch.unique(numbers.long(), return_inverse=True)
        selected = self.words.select(unique.cpu().numpy())
        rows, shares, offsets = (torch.from_numpy(each).to(self.weight.device) for each in selected)
        vectors = embedding_bag(
            rows, self.weight, offsets, mode="sum", sparse=True, per_sample_weights=shares.to(self.weight.dtype)
        )
        return vectors[places]
