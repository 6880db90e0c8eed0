"""The base class of both builders: the shared memory, and the tasks that need no encoder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import new_table
from mt2st.models import SUBWORDS, Shared
from mt2st.tasks import LabelledRows, Sampler, TaggedRows, Task, Workers
from mt2st.tasks.nothing import NothingToLearn
from mt2st.tasks.sampler import stream_key
from mt2st.training.language import glove_task, make_subwords, pair_task
from mt2st.training.pretrained import table_size
from mt2st.training.settings import FURTHER, LEXICAL, Settings

if TYPE_CHECKING:
    from mt2st.training.corpus import Corpus
    from mt2st.training.further import FurtherData
    from mt2st.training.primary import PrimaryData


class Builder(ABC):
    """Builds the tasks of a job on one shared memory; everything random comes from ``training.seed``.

    Attributes
    ----------
    shared
        The shared parameters.
    subwords
        The rows that make up each word, if a task has subwords.
    """

    shared: Shared

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        self.corpus, self.settings = corpus, settings
        self.seed = settings.training.seed
        self.workers = Workers(settings.training.workers)
        self.subwords = corpus.words.index if corpus.words else make_subwords(corpus.features, settings)
        features = len(corpus.features)
        rows = features + (0 if self.subwords is None else len(self.subwords.buckets))
        size = table_size(settings.model, corpus.pretrained)
        self.memory = new_table(rows, size, stream_key(self.seed, "table"))
        if corpus.pretrained is not None:
            corpus.pretrained.fill(self.memory)
        ngrams = self.memory[features:]
        # If the model has no subwords, classifiers use only the rows of words and word pairs.
        self.table = self.memory if settings.model.subwords else self.memory[:features]
        self.beside = {} if self.subwords is None or settings.model.subwords else {SUBWORDS: ngrams}
        if corpus.pretrained is not None and self.subwords is not None:
            corpus.pretrained.fill_ngrams(self.subwords, ngrams)

    def primary(self, data: PrimaryData) -> Task:
        """Return the primary task on the examples drawn for it."""
        name = self.settings.primary.name
        return self.classification(name, data) if isinstance(data, LabelledRows) else self.tagging(name, data)

    def auxiliary(self, name: str) -> Task:
        """Return the task of an auxiliary, whatever its kind."""
        kind, corpus = self.settings.auxiliary[name].kind, self.corpus
        if kind == "classification":
            return self.classification(name, corpus.labelled[name])
        if kind in FURTHER:
            return self.further(name, corpus.further[name])
        return self.lexical(name) if kind in LEXICAL else self.language(name)

    @abstractmethod
    def classification(self, name: str, data: LabelledRows) -> Task:
        """Return a task whose texts have one label each."""

    @abstractmethod
    def tagging(self, name: str, data: TaggedRows) -> Task:
        """Return the primary task of tagging tokens."""

    @abstractmethod
    def further(self, name: str, data: FurtherData) -> Task:
        """Return the task of a labelled auxiliary that is not a classification."""

    def sampler(self, name: str, size: int, lengths: NDArray[np.int64] | None = None) -> Sampler:
        """Return the sampler of a task's batches."""
        training = self.settings.training
        passes, together = self.passes(name), training.buckets
        return Sampler(size, passes, training.steps, self.seed, name, lengths=lengths, together=together)

    def passes(self, name: str) -> float:
        """Return the number of passes of a task over its examples."""
        settings = self.settings
        return settings.primary.passes if name == settings.primary.name else settings.auxiliary[name].passes

    def lexical(self, name: str) -> Task:
        """Return the task of a word list."""
        from mt2st.training.lexical.tasks import lexical_task  # needs torch

        words = self.table[: len(self.corpus.features.words)]
        auxiliary, steps = self.settings.auxiliary[name], self.settings.training.steps

        def sampler_of(size: int) -> Sampler:
            return Sampler(size, min(auxiliary.batch, size) * steps / size, steps, self.seed, name)

        return lexical_task(name, auxiliary, words, self.corpus.lexical[name], sampler_of)

    def language(self, name: str) -> Task:
        """Return a language model, or a task that learns nothing if its texts have no known word."""
        if not self.corpus.has_words(name):
            return NothingToLearn(name, self.sampler(name, len(self.corpus.sentences[name])))
        auxiliary, counts = self.settings.auxiliary[name], np.asarray(self.corpus.features.words.counts, np.int64)
        seed = stream_key(self.seed, f"{name}/contexts")
        if auxiliary.kind == "glove":
            records = self.corpus.records[name]
            sampler = self.sampler(name, len(records))
            return glove_task(
                name, auxiliary, self.memory, len(counts), records, sampler=sampler, seed=seed, workers=self.workers
            )
        sentences = self.corpus.sentences[name]
        return pair_task(
            name,
            auxiliary,
            self.memory,
            counts,
            self.subwords,
            sentences,
            sampler=self.sampler(name, len(sentences)),
            first=self.corpus.pretrained,
            seed=seed,
            workers=self.workers,
            documents=self.corpus.documents.get(name),
        )
