"""The start of a run: the words, their counts, the text as row numbers, and earlier vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.training.vectors.text import renumber

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.text.encoding import EncodedCorpus
    from mt2st.text.ragged import Ragged


@dataclass(frozen=True)
class Beginning:
    """The start of a run.

    Attributes
    ----------
    words, counts
        The vocabulary in the order of the rows: words of earlier vectors come first, and their counts are added.
    shards
        The sentences as row numbers.
    corpus_words
        The number of tokens of the text, known or not.
    start
        The earlier vectors, None if there are none.
    """

    words: list[str]
    counts: NDArray[np.int64]
    shards: list[Ragged]
    corpus_words: int
    start: WordVectors | None

    @property
    def tokens(self) -> int:
        """Return the number of tokens of the text that have a row."""
        return sum(len(shard.ids) for shard in self.shards)

    def check_contexts(self) -> None:
        """Refuse a text whose sentences are single words, from which nothing is learnt."""
        if all(np.diff(shard.offsets).max(initial=0) < 2 for shard in self.shards):
            raise DataError(
                "no sentence has two words with a vector, so none has a context to be learnt from: write a sentence a "
                "line, not a word, or lower min_count"
            )


def begin(corpus: EncodedCorpus, start: WordVectors | None, update: bool, min_count: int, folder: Path) -> Beginning:
    """Return the start of a run on a corpus, continuing from ``start`` if given; ``update`` gives new words rows."""
    found = corpus.vocabulary
    if start is None:
        return Beginning(found.words, found.counts, corpus.shards, corpus.words, None)
    known = np.array([start.key_to_index.get(word, -1) for word in found.words], np.int32)
    new = np.flatnonzero((known < 0) & (found.counts >= min_count)) if update else np.empty(0, np.int64)
    known[new] = len(start) + np.arange(len(new), dtype=np.int32)
    words = [*start.index_to_key, *(found.words[at] for at in new.tolist())]
    counts = np.zeros(len(words), np.int64)
    if start.counts is not None:
        counts[: len(start)] = start.counts
    counts[known[known >= 0]] += found.counts[known >= 0]
    return Beginning(words, counts, renumber(corpus, known, folder), corpus.words, start)
