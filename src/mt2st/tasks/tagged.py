"""Tagged sentences as the tagging task reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.tasks.labelled import UNKNOWN
from mt2st.text import Ragged


@dataclass(frozen=True)
class TaggedRows:
    """Sentences with a tag for each token.

    Attributes
    ----------
    rows
        Word number of each token of each sentence; -1 for a word without a row.
    tags
        Class number of each token, int32, shape (tokens,), sentences concatenated; -1 for unknown, which is left out of
        the loss.
    classes
        The tags.
    surface
        Surface features of each token, int32, shape (tokens, features), from `surface_numbers`.
    buckets
        Number of buckets of surface features; all of ``surface`` is below it.
    scheme
        How tags mark spans, such as ``bio``; None if they do not, such as parts of speech.

    Examples
    --------
    >>> from mt2st.text.surface import surface_numbers
    >>> surface = surface_numbers(["They", "run", "."], 100)
    >>> rows, tags = Ragged.from_lists([[0, 1, -1]]), np.array([0, 1, -1], np.int32)
    >>> data = TaggedRows(rows, tags, ("PRON", "VERB"), surface, 100)
    >>> len(data), data.counts.tolist()
    (1, [2])
    """

    rows: Ragged
    tags: NDArray[np.int32]
    classes: tuple[str, ...]
    surface: NDArray[np.int32]
    buckets: int
    scheme: str | None = None

    def __post_init__(self) -> None:
        tokens = len(self.rows.ids)
        if len(self.tags) != tokens or len(self.surface) != tokens:
            found = f"{tokens}, {len(self.tags)} and {len(self.surface)}"
            raise DataError(f"tokens, tags and rows of surface features must be as many, found {found}")
        for name, values, limit in (("tags", self.tags, len(self.classes)), ("surface", self.surface, self.buckets)):
            least = UNKNOWN if name == "tags" else 0
            if values.size and not least <= int(values.min()) <= int(values.max()) < limit:
                raise DataError(f"{name} must lie in {least} to {limit - 1}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of words of each sentence."""
        return self.rows.lengths

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """Return all arrays that training reads."""
        return self.rows.ids, self.rows.offsets, self.tags, self.surface

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the number of tokens with a known tag in each sentence, (sentences,)."""
        known = np.concatenate([[0], np.cumsum(self.tags != UNKNOWN)])
        return np.asarray(np.diff(known[self.rows.offsets]), np.int64)

    def select(self, chosen: NDArray[np.int64]) -> TaggedRows:
        """Return some of the sentences, in the order of ``chosen``."""
        places = self.rows.places(chosen)
        return replace(self, rows=self.rows.select(chosen), tags=self.tags[places], surface=self.surface[places])

    def tags_of(self, sentence: int) -> list[str | None]:
        """Return the tags of one sentence, None if not known."""
        start, stop = self.rows.offsets[sentence], self.rows.offsets[sentence + 1]
        return [None if tag == UNKNOWN else self.classes[tag] for tag in self.tags[start:stop]]
