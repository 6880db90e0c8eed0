"""A job: the tasks, the shared parameters and the strategy that the settings describe, ready to train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import new_table, smooth_inverse_frequency
from mt2st.errors import ConfigError
from mt2st.models import SUBWORDS, NativeShared, Shared
from mt2st.strategies import Clock, Strategy, Work
from mt2st.tasks import BagClassification, LabelledRows, Sampler, TaggedRows, Task, Workers
from mt2st.tasks.sampler import stream_key
from mt2st.training.corpus import Corpus
from mt2st.training.further.bag import bag_task
from mt2st.training.language import glove_task, make_subwords, pair_task
from mt2st.training.primary import PrimaryData
from mt2st.training.schedule import make_strategy, make_work, total_steps
from mt2st.training.settings import FURTHER, LEXICAL, Settings
from mt2st.training.split import draw_labelled

if TYPE_CHECKING:
    from mt2st.embeddings.subwords import SubwordIndex
    from mt2st.training.further import FurtherData


# Rows of the table that gradients are compared on.
LOOKED_AT = 512


@dataclass
class Job:
    """What the loop trains.

    ``tasks`` has the primary first; ``subwords`` are the rows that make up each word, where an auxiliary has them.
    """

    settings: Settings
    corpus: Corpus
    tasks: dict[str, Task]
    shared: Shared
    strategy: Strategy
    work: Work
    subwords: SubwordIndex | None = None


def make_job(corpus: Corpus, settings: Settings) -> Job:
    """Build tasks, table and strategy; everything random comes from ``training.seed``."""
    training, primary = settings.training, settings.primary
    chosen = select(corpus.pool, draw(corpus.pool, primary.labels, training.seed))
    builder = _BagBuilder if settings.model.encoder == "bag" else _TorchBuilder
    build = builder(corpus, settings)
    tasks: dict[str, Task] = {primary.name: build.primary(chosen)}
    for name, auxiliary in settings.auxiliary.items():
        if auxiliary.kind == "classification":
            tasks[name] = build.classification(name, corpus.labelled[name])
        elif auxiliary.kind in FURTHER:
            tasks[name] = build.further(name, corpus.further[name])
        elif auxiliary.kind in LEXICAL:
            tasks[name] = build.lexical(name)
        else:
            tasks[name] = build.language(name)
    clock = Clock(total_steps(settings), training.steps / primary.passes)
    strategy = make_strategy(settings).bind(primary.name, list(settings.auxiliary), clock)
    return Job(settings, corpus, tasks, build.shared, strategy, make_work(training), build.subwords)


def draw(pool: PrimaryData, count: int | None, seed: int) -> NDArray[np.int64]:
    """Return which examples to train on; of classes each has one at least."""
    # Sentences have tags of many kinds each.
    labels = [pool.classes[k] for k in pool.labels] if isinstance(pool, LabelledRows) else [""] * len(pool)
    return np.array(draw_labelled(labels, count, seed), np.int64)


def select(data: PrimaryData, places: NDArray[np.int64]) -> PrimaryData:
    """Return some of the examples, in the order of ``places``."""
    if isinstance(data, TaggedRows):
        return data.select(places)
    return LabelledRows(data.rows.select(places), data.labels[places], data.classes)


def frequent_rows(data: LabelledRows, most: int) -> NDArray[np.int64]:
    """Return the rows that are in most of the examples' words, at most so many, in order.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> data = LabelledRows(Ragged.from_lists([[5, 2], [5, 9, 2]]), np.array([0, 1], np.int32), ("no", "yes"))
    >>> frequent_rows(data, most=2).tolist()
    [2, 5]
    """
    counts = np.bincount(data.rows.ids)
    return np.sort(np.argsort(-counts, kind="stable")[: min(most, np.count_nonzero(counts))])


class _Builder:
    """What the builders of both engines have in common."""

    shared: Shared

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        self.corpus, self.settings = corpus, settings
        self.seed = settings.training.seed
        self.workers = Workers(settings.training.workers)
        self.subwords = corpus.words.index if corpus.words else make_subwords(corpus.features, settings)
        features = len(corpus.features)
        rows = features + (0 if self.subwords is None else len(self.subwords.buckets))
        self.memory = new_table(rows, settings.model.vector_size, stream_key(self.seed, "table"))
        if corpus.pretrained is not None:
            corpus.pretrained.fill(self.memory)
        ngrams = self.memory[features:]
        # Without subwords of their own, classifiers see the rows of words and word pairs alone.
        self.table = self.memory if settings.model.subwords else self.memory[:features]
        self.beside = {} if self.subwords is None or settings.model.subwords else {SUBWORDS: ngrams}
        if corpus.pretrained is not None and self.subwords is not None:
            corpus.pretrained.fill_ngrams(self.subwords, ngrams)

    def primary(self, data: PrimaryData) -> Task:
        name = self.settings.primary.name
        return self.classification(name, data) if isinstance(data, LabelledRows) else self.tagging(name, data)

    def classification(self, name: str, data: LabelledRows) -> Task:
        raise NotImplementedError

    def tagging(self, name: str, data: TaggedRows) -> Task:
        raise ConfigError(f"{name}: {len(data)} tagged sentences have an order, which a bag has not")

    def sampler(self, name: str, size: int, lengths: NDArray[np.int64] | None = None) -> Sampler:
        settings, together = self.settings, self.settings.training.buckets
        passes = settings.primary.passes if name == settings.primary.name else settings.auxiliary[name].passes
        steps = settings.training.steps
        return Sampler(size, passes, steps, self.seed, name, lengths=lengths, together=together)

    def lexical(self, name: str) -> Task:
        from mt2st.training.lexical.tasks import lexical_task  # needs torch

        words = self.table[: len(self.corpus.features.words)]
        auxiliary, steps = self.settings.auxiliary[name], self.settings.training.steps

        def sampler_of(size: int) -> Sampler:
            return Sampler(size, min(auxiliary.batch, size) * steps / size, steps, self.seed, name)

        return lexical_task(name, auxiliary, words, self.corpus.lexical[name], sampler_of)

    def language(self, name: str) -> Task:
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
        )


class _BagBuilder(_Builder):
    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        super().__init__(corpus, settings)
        self.shared: NativeShared = NativeShared(self.table, self.beside)
        self.row_weights = smooth_inverse_frequency(corpus.features.frequencies, settings.model.smoothing)

    def classification(self, name: str, data: LabelledRows) -> Task:
        is_primary = name == self.settings.primary.name
        if is_primary:
            self.shared.looked_at = frequent_rows(data, LOOKED_AT)
        rates = self.settings.primary if is_primary else self.settings.auxiliary[name]
        task = BagClassification(
            name,
            self.table,
            self.row_weights,
            data,
            self.sampler(name, len(data)),
            rates.head_rate,
            rates.table_rate,
            head_seed=self.seed,
            stop_at_bad=is_primary,
            workers=self.workers,
        )
        if is_primary:
            self.shared.elsewhere.append(task.settle)
        return task

    def further(self, name: str, data: FurtherData) -> Task:
        return bag_task(
            name,
            self.settings.auxiliary[name],
            self.table,
            self.row_weights,
            data,
            sampler=self.sampler(name, len(data)),
            seed=self.seed,
            workers=self.workers,
        )


class _TorchBuilder(_Builder):
    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        super().__init__(corpus, settings)
        import torch  # an extra; mt2st.models.encoders says so where it is missing

        from mt2st.models.encoders import make_encoder
        from mt2st.models.torch_shared import TorchShared

        model, seed = settings.model, stream_key(self.seed, "encoder")
        torch.set_num_threads(settings.training.workers)
        encoder = make_encoder(model.encoder, self.table, model.sizes(), model.dropout, seed, corpus.words)
        encoder.embedding.weight.requires_grad_(not model.freeze_vectors)
        self.shared: TorchShared = TorchShared(encoder, model.rate, model.table_rate, self.beside)

    def classification(self, name: str, data: LabelledRows) -> Task:
        from mt2st.tasks.encoder_classification import EncoderClassification

        sampler, is_primary = self.sampler(name, len(data), data.rows.lengths), name == self.settings.primary.name
        return EncoderClassification(name, self.shared, data, sampler, self.seed, stop_at_bad=is_primary)

    def tagging(self, name: str, data: TaggedRows) -> Task:
        from mt2st.tasks.encoder_tagging import EncoderTagging

        crf, sampler = self.settings.primary.crf, self.sampler(name, len(data), data.lengths)
        return EncoderTagging(name, self.shared, data, sampler, self.seed, crf=crf, stop_at_bad=True)

    def further(self, name: str, data: FurtherData) -> Task:
        from mt2st.training.further.encoder import encoder_task

        auxiliary, sampler = self.settings.auxiliary[name], self.sampler(name, len(data), data.lengths)
        return encoder_task(name, auxiliary, self.shared, data, sampler=sampler, seed=self.seed)
