"""The start of a run: the words, their counts, the text as row numbers, and earlier vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError, DataError
from mt2st.training.vectors.settings import VectorSettings
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


def settings_of_start(settings: VectorSettings, start: WordVectors) -> None:
    """Refuse settings that differ from those of the vectors to continue from, and vectors that are incomplete."""
    if start.output is not None and np.shape(start.output) != start.vectors.shape:
        raise DataError(
            f"the vectors to continue from have output rows of shape {np.shape(start.output)}, where "
            f"{start.vectors.shape} is needed: give them back as they were trained, or set output to None"
        )
    if settings.vector_size != start.vector_size:
        raise ConfigError(
            f"vector_size is {start.vector_size} in the vectors to continue from, {settings.vector_size} was given: "
            "leave it out"
        )
    if settings.subwords != (start.subwords is not None):
        found = "have subwords: ask for them (subwords=True, --subwords)"
        if start.subwords is None:
            found = "have no subwords: leave them out, or continue from a file that keeps them, as .safetensors does"
        raise ConfigError(f"the vectors to continue from {found}")
    if start.subwords is None:
        return
    for name in ("min_n", "max_n", "bucket"):
        if getattr(settings, name) != getattr(start.subwords, name):
            raise ConfigError(
                f"{name} is {getattr(start.subwords, name)} in the vectors to continue from, {getattr(settings, name)} "
                "was given: pass the same"
            )
