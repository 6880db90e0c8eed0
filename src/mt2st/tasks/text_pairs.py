"""Pairs of texts with a similarity score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.text import Ragged


@dataclass(frozen=True)
class TextPairs:
    """Pairs of texts, each with a similarity score.

    Attributes
    ----------
    left, right
        Word numbers of the first and the second text of each pair.
    scores
        Float32, shape (pairs,), in any unit; NaN for unknown, which is left out of the loss.

    Examples
    --------
    >>> left, right = Ragged.from_lists([[1], [2, 3]]), Ragged.from_lists([[1, 1], []])
    >>> data = TextPairs(left, right, np.array([5.0, np.nan], np.float32))
    >>> data.lengths.tolist(), data.counts.tolist()
    ([3, 2], [1, 0])
    """

    left: Ragged
    right: Ragged
    scores: NDArray[np.float32]

    def __post_init__(self) -> None:
        pairs = len(self.scores)
        if len(self.left) != pairs or len(self.right) != pairs:
            raise DataError(f"scores and texts must be as many, found {pairs}, {len(self.left)} and {len(self.right)}")
        if self.scores.dtype != np.float32 or np.isinf(self.scores).any():
            raise DataError("scores must be float32 and finite, or NaN where they are not known")

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of words of both texts of each pair, (pairs,)."""
        return self.left.lengths + self.right.lengths

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """Return all arrays that training reads."""
        return self.left.ids, self.left.offsets, self.right.ids, self.right.offsets, self.scores

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return 1 for each pair whose score is known, 0 for the others, (pairs,)."""
        return (~np.isnan(self.scores)).astype(np.int64)
