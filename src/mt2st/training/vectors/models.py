"""A common interface to all methods: the arrays that training changes, a step on one quantum, and the vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.table import new_table, whole_rows
from mt2st.training.vectors.beginning import Beginning
from mt2st.training.vectors.quanta import QUANTUM_RECORDS, QUANTUM_WORDS, Quanta, RecordQuanta, SentenceQuanta
from mt2st.training.vectors.settings import VectorSettings
from mt2st.training.vectors.tally import Tally

if TYPE_CHECKING:
    from mt2st.embeddings import SubwordRows, WordVectors
    from mt2st.embeddings.cooccurrence import Cooccurrences

# Streams of random numbers of one seed: the table's initial values, and the model's own.
TABLE, OWN = 0, 1


class Model(Protocol):
    """A method with its table and its data."""

    @property
    def quanta(self) -> Quanta:
        """Return the data, cut into quanta."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array that training changes: the live arrays."""
        ...

    def learn(self, number: int, rate: float, key: int) -> Tally:
        """Train on one quantum; several threads may do so at once."""
        ...

    def vectors(self) -> WordVectors:
        """Return a copy of the current vectors."""
        ...


class PairModelOnText:
    """Skip-gram or CBOW, with or without subwords, on sentences."""

    def __init__(self, beginning: Beginning, settings: VectorSettings, workers: int) -> None:
        from mt2st.embeddings.pairs import PairModel

        self._beginning, self._settings = beginning, settings
        self._subwords = None
        if settings.subwords:
            from mt2st.embeddings.subwords import SubwordIndex

            self._subwords = SubwordIndex.of(beginning.words, settings.min_n, settings.max_n, settings.bucket)
        rows = len(beginning.words) + (0 if self._subwords is None else len(self._subwords.buckets))
        # Uniform within ±1 / vector_size, as gensim and fastText do.
        self.table = new_table(rows, settings.vector_size, stream(settings.seed, TABLE), scale=2.0)
        self.quanta: SentenceQuanta = SentenceQuanta(beginning.shards, QUANTUM_WORDS)
        self._model = PairModel(
            self.table,
            beginning.counts,
            method="cbow" if settings.method == "cbow" else "skipgram",
            window=settings.window,
            negative=settings.negative,
            sample=settings.sample,
            subwords=self._subwords,
            seed=stream(settings.seed, OWN),
            threads=workers,
        )
        if beginning.start is not None:
            self._start_from(beginning.start)

    def _start_from(self, start: WordVectors) -> None:
        old = len(start)
        self.table[:old] = start.vectors if start.subwords is None else start.subwords.word_rows
        if start.output is not None:
            self._model.output[:old] = start.output
        if self._subwords is not None and start.subwords is not None:
            here, there = shared_places(self._subwords.buckets, start.subwords.buckets)
            self.table[len(self._beginning.words) + here] = start.subwords.rows[there]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the table and the model's own arrays."""
        return {"table": self.table, **self._model.arrays()}

    def learn(self, number: int, rate: float, key: int) -> Tally:
        """Train on the sentences of one quantum."""
        sentences = self.quanta.read(number)
        done = self._model.advance(sentences, np.arange(len(sentences)), rate, key)
        return Tally(done.loss, done.pairs, done.not_finite, len(sentences.ids))

    def vectors(self) -> WordVectors:
        """Return words, vectors (composed of subwords if there are any), counts and output rows."""
        from mt2st.embeddings.words.vectors import WordVectors

        words = self._beginning.words
        own = packed(self.table[: len(words)])
        subwords = self._subword_rows(own)
        composed = own
        if subwords is not None:
            from mt2st.embeddings.subwords import compose_vectors

            composed = compose_vectors(words, subwords)
        counts, output = self._beginning.counts.copy(), packed(self._model.output)
        about = self._settings.as_dict()
        return WordVectors(words, composed, counts=counts, subwords=subwords, output=output, training=about)

    def _subword_rows(self, own: NDArray[np.float32]) -> SubwordRows | None:
        if self._subwords is None:
            return None
        from mt2st.embeddings.subword_rows import SubwordRows

        index, start = self._subwords, self._beginning.start
        buckets, rows = index.buckets, packed(self.table[len(own) :])
        if start is not None and start.subwords is not None:
            buckets, rows = merged_rows(buckets, rows, start.subwords.buckets, start.subwords.rows)
        return SubwordRows(index.min_n, index.max_n, index.bucket, buckets, rows, own)


class GloveOnRecords:
    """GloVe on co-occurrence records."""

    def __init__(self, beginning: Beginning, settings: VectorSettings, records: Cooccurrences) -> None:
        from mt2st.embeddings.glove import Glove

        self._beginning, self._records, self._settings = beginning, records, settings
        words, size = len(beginning.words), settings.vector_size
        self.table = new_table(words, size, stream(settings.seed, TABLE))
        self._model = Glove(whole_rows(self.table), words, size, x_max=settings.x_max, seed=stream(settings.seed, OWN))
        self.quanta = RecordQuanta(len(records), QUANTUM_RECORDS)
        if beginning.start is not None:
            self._start_from(beginning.start)

    def _start_from(self, start: WordVectors) -> None:
        """Split vectors into word and context vectors, whose sum they are; without the latter, into halves."""
        old, size = len(start), self._settings.vector_size
        contexts = start.vectors / np.float32(2) if start.output is None else start.output
        self._model.contexts[:old, :size] = contexts
        self.table[:old] = start.vectors - contexts

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the table and the model's own arrays."""
        return {"table": self.table, **self._model.arrays()}

    def learn(self, number: int, rate: float, key: int) -> Tally:  # noqa: ARG002 - nothing is drawn
        """Train on the records of one quantum."""
        rows, columns, values = self._records.read(self.quanta.before(number), self.quanta.before(number + 1))
        done = self._model.advance(rows, columns, values, rate)
        return Tally(done.cost, done.records, done.not_finite, len(rows))

    def vectors(self) -> WordVectors:
        """Return words, sums of word and context vectors, counts, and the context vectors as output rows."""
        from mt2st.embeddings.words.vectors import WordVectors

        contexts = packed(self._model.contexts[:, : self._settings.vector_size])
        words, counts, about = self._beginning.words, self._beginning.counts.copy(), self._settings.as_dict()
        return WordVectors(words, self._model.vectors(), counts=counts, output=contexts, training=about)


def packed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a copy of rows without the padding between them."""
    return np.array(rows, np.float32, order="C")


def stream(seed: int, name: int) -> int:
    """Return the seed of one of a run's random streams."""
    return int(np.random.SeedSequence([seed, name]).generate_state(1, np.uint64)[0])


def shared_places(first: NDArray[np.int32], second: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places, in each of two ascending arrays, of the numbers that both have.

    Examples
    --------
    >>> shared_places(np.array([1, 4, 7], np.int32), np.array([4, 5, 7], np.int32))
    (array([1, 2]), array([0, 2]))
    """
    _, here, there = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return here, there


def merged_rows(
    buckets: NDArray[np.int32], rows: NDArray[np.float32], others: NDArray[np.int32], other_rows: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the buckets with their rows, merged in ascending order with those that only the others have.

    Examples
    --------
    >>> first, second = np.array([[1.0]], np.float32), np.array([[2.0], [3.0]], np.float32)
    >>> merged_rows(np.array([4], np.int32), first, np.array([4, 5], np.int32), second)
    (array([4, 5], dtype=int32), array([[1.],
           [3.]], dtype=float32))
    """
    only = np.isin(others, buckets, assume_unique=True, invert=True)
    if not only.any():
        return buckets, rows
    all_buckets = np.concatenate([buckets, others[only]])
    order = np.argsort(all_buckets)
    return all_buckets[order], np.concatenate([rows, other_rows[only]])[order]
