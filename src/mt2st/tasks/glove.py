"""Language modelling as an auxiliary: GloVe on co-occurrence records, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.cooccurrence import count_cooccurrences
from mt2st.embeddings.glove import Advance, Glove
from mt2st.tasks.sampler import Sampler
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

LEAST_PART = 256
# Bytes of memory for counting. As the texts of tasks fit in memory, most need no more.
COUNTING_MEMORY = 1 << 28


@dataclass(frozen=True)
class CooccurrenceRecords:
    """Co-occurrences of words, in memory.

    Attributes
    ----------
    rows, columns
        Word numbers i and j, int32, shape (records,).
    values
        x_ij, float32, shape (records,).
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def count(cls, sentences: Ragged, words: int, window: int) -> CooccurrenceRecords:
        """Count the pairs of words in sentences, each with weight one over its distance; see `count_cooccurrences`.

        Parameters
        ----------
        sentences
            Word numbers of each sentence, all below ``words``.
        words
            Size of the vocabulary.
        window
            Context words on either side.

        Examples
        --------
        >>> records = CooccurrenceRecords.count(Ragged.from_lists([[0, 1, 2]]), words=3, window=1)
        >>> sorted(zip(records.rows.tolist(), records.columns.tolist(), records.values.tolist()))
        [(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 1, 1.0)]
        """
        with TemporaryDirectory() as folder:
            found = count_cooccurrences([sentences], words, Path(folder), window=window, memory=COUNTING_MEMORY)
            return cls(*found.read(0, len(found)))

    def __len__(self) -> int:
        return len(self.rows)

    def select(self, places: NDArray[np.int64]) -> CooccurrenceRecords:
        """Return some of the records, in the order of ``places``."""
        return CooccurrenceRecords(self.rows[places], self.columns[places], self.values[places])


@dataclass
class GloveTask:
    """Fit the products of word vectors to the logarithms of co-occurrences; an example is one record.

    Parameters
    ----------
    name
        The task's name.
    model
        GloVe over the shared table.
    records
        The task's co-occurrences.
    sampler
        Draws the records.
    rate
        Learning rate, AdaGrad's.
    workers
        Threads that share a batch.

    Notes
    -----
    Each task has its own squared gradients of AdaGrad, so that steps of other tasks do not shorten its steps.
    """

    name: str
    model: Glove
    records: CooccurrenceRecords
    sampler: Sampler
    rate: float
    workers: Workers = field(default_factory=Workers)

    @property
    def table(self) -> NDArray[np.float32]:
        """Return the table that is trained, with its padding."""
        return self.model.table

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the records ``batch``; each counts for two words."""
        if len(batch) == 0:
            return Outcome(0.0, 0, 0, 0)

        def part_step(part: NDArray[np.int64], _: int) -> Advance:
            found = self.records.select(part)
            return self.model.advance(found.rows, found.columns, found.values, self.rate * rate, weight)

        done = self.workers.map(part_step, batch, LEAST_PART)
        cost, records, bad = (sum(column) for column in zip(*done, strict=True))
        return Outcome(float(cost), int(records), len(batch), 2 * len(batch), int(bad))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return context vectors, biases and AdaGrad's squared gradients."""
        return dict(self.model.arrays())
