"""The interface between the corpus and the labelled auxiliaries other than classification, and their readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.text.rows import Rows
from mt2st.training.further.pairs import read_pairs
from mt2st.training.further.tagging import read_tagging
from mt2st.training.further.targets import read_regression, read_several

if TYPE_CHECKING:
    from collections.abc import Callable

    from mt2st.text.features import Encodes
    from mt2st.training.settings import Auxiliary


class FurtherData(Protocol):
    """Encoded examples: `TaggedRows`, `TargetRows` or `TextPairs`."""

    def __len__(self) -> int: ...

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of words of each example."""
        ...

    def arrays(self) -> Sequence[NDArray[np.generic]]:
        """Return all arrays that training reads."""
        ...


class Further(Protocol):
    """Examples that have been read but not yet encoded."""

    def token_lists(self) -> Iterable[list[str]]:
        """Yield the words of every text, for the vocabulary and for language models."""
        ...

    def encode(self, features: Encodes) -> FurtherData:
        """Return the examples as numbers."""
        ...


def read_further(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Further, int]:
    """Read the examples of an auxiliary; also return the number skipped because their text is held out.

    Parameters
    ----------
    auxiliary
        Its settings, with one of the kinds below.
    rows
        The file's name, and how bad rows are handled.
    held_out
        Contents, see `mt2st.text.content.content`, of the texts of the primary's development and test parts.
    """
    readers: dict[str, Callable[[Auxiliary, Rows, set[str]], tuple[Further, int]]] = {
        "tagging": read_tagging,
        "multilabel": read_several,
        "regression": read_regression,
        "pairs": read_pairs,
    }
    return readers[auxiliary.kind](auxiliary, rows, held_out)
