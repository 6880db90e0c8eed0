"""The language auxiliaries of a job: their rows of the shared memory, their tasks, and the resulting vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.embeddings.documents import DocumentModel
from mt2st.embeddings.pairs import PairModel
from mt2st.tasks import LanguageModel, Sampler, Task, Workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.embeddings import WordVectors
    from mt2st.embeddings.subwords import SubwordIndex
    from mt2st.embeddings.word_rows import WordRows
    from mt2st.tasks.glove import CooccurrenceRecords
    from mt2st.text import Features, Ragged
    from mt2st.training.pretrained import Pretrained
    from mt2st.training.settings import Auxiliary, NGrams, Settings


def make_subwords(features: Features, settings: Settings) -> SubwordIndex | None:
    """Return the rows that make up each word if the encoder or an auxiliary has subwords; all of them share one index.

    Rows of the words come first, then those of the word pairs, then those of the n-grams' buckets.
    """
    all_of_them: list[NGrams] = [settings.model, *settings.auxiliary.values()]
    chosen = next((each for each in all_of_them if each.subwords), None)
    if chosen is None:
        return None
    from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels

    index = SubwordIndex.of(features.words.words, **chosen.limits())
    behind_pairs = index.rows + np.int32(len(features.pairs))
    return replace(index, rows=np.where(index.rows < len(features.words), index.rows, behind_pairs))


def make_words(features: Features, settings: Settings) -> WordRows | None:
    """Return the rows that make up each word, known or not, if the encoder has subwords."""
    index = make_subwords(features, settings) if settings.model.subwords else None
    if index is None:
        return None
    from mt2st.embeddings.word_rows import WordRows

    return WordRows(features.words.words, index)


def count_records(sentences: Ragged, words: int, window: int) -> CooccurrenceRecords:
    """Return the co-occurrences that GloVe learns from; none if the vocabulary is empty."""
    from mt2st.tasks.glove import CooccurrenceRecords  # compiles, or loads, its kernels

    if not words:
        nothing = np.empty(0, np.int32)
        return CooccurrenceRecords(nothing, nothing, np.empty(0, np.float32))
    return CooccurrenceRecords.count(sentences, words, window)


def pair_task(
    name: str,
    auxiliary: Auxiliary,
    memory: NDArray[np.float32],
    counts: NDArray[np.int64],
    subwords: SubwordIndex | None,
    sentences: Ragged,
    *,
    sampler: Sampler,
    first: Pretrained | None,
    seed: int,
    workers: Workers,
    documents: Ragged | None = None,
) -> Task:
    """Return skip-gram, CBOW or, with ``documents``, the document model; ``first`` gives initial output vectors.

    The memory is shared; its first rows belong to the words.
    """
    common: dict[str, Any] = {
        "negative": auxiliary.negative,
        "sample": auxiliary.sample,
        "seed": seed,
        "threads": workers.count,
    }
    if documents is not None:
        model: PairModel = DocumentModel(memory, counts, documents, **common)
    else:
        model = PairModel(
            memory,
            counts,
            method="cbow" if auxiliary.kind == "cbow" else "skipgram",
            window=auxiliary.window,
            subwords=subwords if auxiliary.subwords else None,
            **common,
        )
    if first is not None:
        first.fill_output(model.output)
    return LanguageModel(name, model, sentences, sampler, auxiliary.table_rate, workers)


def glove_task(
    name: str,
    auxiliary: Auxiliary,
    memory: NDArray[np.float32],
    words: int,
    records: CooccurrenceRecords,
    *,
    sampler: Sampler,
    seed: int,
    workers: Workers,
) -> Task:
    """Return GloVe on the shared memory, whose first rows belong to the words."""
    from mt2st.embeddings.glove import Glove
    from mt2st.tasks.glove import GloveTask

    model = Glove(memory, words, memory.shape[1], x_max=auxiliary.x_max, seed=seed)
    return GloveTask(name, model, records, sampler, auxiliary.table_rate, workers)


def finished_vectors(
    features: Features,
    table: NDArray[np.float32],
    subwords: SubwordIndex | None = None,
    bucket_rows: NDArray[np.float32] | None = None,
) -> WordVectors:
    """Return the words with their vectors: each word's row, or with subwords the mean of its rows."""
    from mt2st.embeddings import SubwordRows, WordVectors

    words, counts = features.words.words, features.words.counts
    own = np.ascontiguousarray(table[: len(words)])
    if subwords is None or bucket_rows is None:
        return WordVectors(words, own, counts=counts)
    from mt2st.embeddings.subwords import compose_vectors

    limits = subwords.min_n, subwords.max_n, subwords.bucket
    parts = SubwordRows(*limits, subwords.buckets, np.ascontiguousarray(bucket_rows), own)
    return WordVectors(words, compose_vectors(words, parts), counts=counts, subwords=parts)
