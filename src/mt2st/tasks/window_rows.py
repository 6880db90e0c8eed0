"""Tagged sentences for training and evaluating the window tagger."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mt2st.models.kernels.window_parts import Sentences
from mt2st.models.window.rows import WindowSizes, encode_windows
from mt2st.tasks.tagged import TaggedRows
from mt2st.text import Ragged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class WindowRows(TaggedRows):
    """Sentences with a tag for each token, and their features.

    Attributes
    ----------
    windows
        The same sentences in the form that the kernels read.
    """

    windows: Sentences = field(kw_only=True)

    @classmethod
    def of(
        cls,
        sentences: Sequence[Sequence[str]],
        tags: Sequence[Sequence[str | None]],
        rows: Mapping[str, int],
        classes: tuple[str, ...],
        sizes: WindowSizes,
        scheme: str | None = None,
    ) -> WindowRows:
        """Return sentences as numbers; see `encode_windows`.

        Examples
        --------
        >>> data = WindowRows.of([["They", "run"]], [["PRON", None]], {}, ("PRON", "VERB"), WindowSizes(9, 99))
        >>> len(data), data.tags_of(0), data.counts.tolist()
        (1, ['PRON', None], [1])
        """
        found = encode_windows(sentences, tags, rows, classes, sizes)
        ragged, surface = Ragged(found.kinds, found.offsets), found.surface[found.kinds]
        return cls(ragged, found.tags, classes, surface, sizes.looks, scheme, windows=found)

    def select(self, chosen: NDArray[np.int64]) -> WindowRows:
        """Return some of the sentences, in the order of ``chosen``."""
        places = self.rows.places(chosen)
        rows, tags, features = self.rows.select(chosen), self.tags[places], self.windows.features[places]
        windows = self.windows._replace(kinds=rows.ids, offsets=rows.offsets, features=features, tags=tags)
        return replace(self, rows=rows, tags=tags, surface=self.surface[places], windows=windows)
