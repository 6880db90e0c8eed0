"""Encoding tagged sentences for the window tagger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mt2st.models.kernels.feature_rows import AROUND, FEATURES, TOGETHER, feature_rows
from mt2st.models.kernels.window_parts import Sentences
from mt2st.text.token_kinds import TokenKinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


# The number of an unknown tag.
UNKNOWN = -1


@dataclass(frozen=True)
class WindowSizes:
    """Numbers of buckets of surface features ("looks"), and of hashed features."""

    looks: int
    features: int


def encode_windows(
    sentences: Sequence[Sequence[str]],
    tags: Sequence[Sequence[str | None]] | None,
    rows: Mapping[str, int],
    classes: Sequence[str],
    sizes: WindowSizes,
) -> Sentences:
    """Return sentences as numbers.

    Parameters
    ----------
    sentences, tags
        Tokens, and a tag for each; None, or a tag that is not among ``classes``, is unknown.
    rows
        The row of the table of each word in lower case; other words have row 0.
    classes
        The tags.
    sizes
        The numbers of buckets.

    Examples
    --------
    >>> sizes = WindowSizes(looks=100, features=1000)
    >>> data = encode_windows([["They", "run"]], [["PRON", None]], {"they": 7}, ["NOUN", "PRON"], sizes)
    >>> data.kinds.tolist(), data.words.tolist(), data.tags.tolist(), data.features.shape
    ([1, 2], [[0, 0], [7, 1], [0, 1]], [1, -1], (2, 32))
    """
    found = TokenKinds.of(sentences)
    ids, offsets = found.sentences.ids, found.sentences.offsets
    counts = np.bincount(ids, minlength=len(found.words))
    words = np.array([[rows.get(word.lower(), 0), count] for word, count in zip(found.words, counts, strict=True)])
    features = np.empty((len(ids), FEATURES), np.int32)
    feature_rows(ids, offsets, found.hashes(), AROUND, TOGETHER, np.uint64(sizes.features), features)
    number = {tag: place for place, tag in enumerate(classes)}
    known = [] if tags is None else [number.get(tag or "", UNKNOWN) for each in tags for tag in each]
    numbers = np.array(known, np.int32) if tags is not None else np.full(len(ids), UNKNOWN, np.int32)
    return Sentences(ids, offsets, words.astype(np.int32), found.surface(sizes.looks), features, numbers)
