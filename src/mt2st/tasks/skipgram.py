"""Language modelling as an auxiliary: skip-gram with negative sampling, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import AliasTable, keep_probability, new_table
from mt2st.embeddings.kernels.skipgram import skipgram_update
from mt2st.tasks.sampler import Sampler, stream_key
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

LEAST_PART = 16


@dataclass
class SkipGram:
    """Predict the words around each word of unlabelled sentences.

    Parameters
    ----------
    name
        The task's name.
    table
        The shared table, (words or more, vector_size), changed in place; its first rows are the words.
    sentences
        Word numbers of each sentence.
    counts
        How often each word occurs, (words,); decides sub-sampling and negatives.
    sampler
        Draws the sentences.
    rate
        Learning rate of both tables.
    window, negative, sample
        As in word2vec and gensim.
    seed
        Of the context rows' first values.
    workers
        Threads to share a batch among.

    Notes
    -----
    Negatives are drawn by ``count ** 0.75``. Context rows begin small and random, not at zero as in word2vec, so that
    the first pair already moves a word's vector.
    """

    name: str
    table: NDArray[np.float32]
    sentences: Ragged
    counts: NDArray[np.int64]
    sampler: Sampler
    rate: float
    window: int = 5
    negative: int = 5
    sample: float = 1e-3
    seed: int = 0
    workers: Workers = field(default_factory=Workers)

    def __post_init__(self) -> None:
        self.sentences.check_below(min(len(self.counts), len(self.table)), self.name)
        self.contexts = new_table(len(self.counts), self.table.shape[1], stream_key(self.seed, f"{self.name}/contexts"))
        self.keep = keep_probability(self.counts, self.sample)
        self.negatives = AliasTable.of(np.asarray(self.counts, np.float64) ** 0.75)

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the sentences ``batch``."""
        if len(batch) == 0:
            return Outcome(0.0, 0, 0, 0)
        key = self.sampler.draw_key()

        def part_step(part: NDArray[np.int64], number: int) -> tuple[float, int, int, int]:
            result: tuple[float, int, int, int] = skipgram_update(
                self.table,
                self.contexts,
                self.sentences.ids,
                self.sentences.offsets,
                part,
                self.keep,
                self.negatives.threshold,
                self.negatives.alias,
                self.window,
                self.negative,
                np.float32(self.rate * weight * rate),
                np.uint64((key + number) % 2**64),
            )
            return result

        results = self.workers.map(part_step, batch, LEAST_PART)
        loss, pairs, _, bad = (sum(column) for column in zip(*results, strict=True))
        return Outcome(loss, int(pairs), len(batch), self.sentences.size_of(batch), int(bad))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the context rows."""
        return {"contexts": self.contexts}
