"""The multi-task phase of an estimator: one table trained on auxiliaries and all text, watched by the primary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.estimators.fitting.passes import first_rate
from mt2st.estimators.fitting.probe import Probe
from mt2st.estimators.fitting.progress import TellsSteps
from mt2st.estimators.inputs.strategy_choice import LANGUAGE, PRIMARY, bind
from mt2st.models.columns.pairs import FIRST, split_keys
from mt2st.strategies import Strategy
from mt2st.tasks import LabelledRows
from mt2st.text import Features, Ragged, Vocabulary
from mt2st.training.corpus import Corpus
from mt2st.training.job import make_job
from mt2st.training.loop import Record, Trainer
from mt2st.training.settings import parse_settings
from mt2st.training.stopping import StopRequest

if TYPE_CHECKING:
    from mt2st.evaluation.judgement import Judgement
    from mt2st.models.columns.build import Chosen
    from mt2st.training.job import Job
    from mt2st.training.primary import PrimaryData
    from mt2st.training.settings import Settings

START = "<s>"
# Steps of the run, and how many lie between two scores.
STEPS, INTERVAL = 100, 4
# Over the primary's examples, for its own head; the convex end fits another.
PASSES = 1.0
# Steps behind an early end in which rates fall to nothing, as a share of those before it.
COOLING = 0.25
LEAST_RATE = 0.05
# Few labels would bend the table to themselves while it forms; what they have to say, the convex end says.
PRIMARY_TABLE_RATE = 1e-3


@dataclass(frozen=True)
class JointSettings:
    """How the shared table is trained.

    Attributes
    ----------
    strategy
        Of any kind, not bound yet.
    vector_size, smoothing, passes
        Dimensions of the table, a of the words' weights, and passes over all text where it is never switched off.
    seed, workers
        As everywhere; one worker gives the same bits for a seed.
    """

    strategy: Strategy
    vector_size: int
    smoothing: float
    passes: float
    seed: int
    workers: int


@dataclass(frozen=True)
class Joint:
    """What the multi-task phase left.

    Attributes
    ----------
    table
        (shared rows, vector_size): words, then the frequent pairs.
    row_weights
        What each row counts in a document's mean, (shared rows,).
    records
        Scores and seconds as it went.
    """

    table: NDArray[np.float32]
    row_weights: NDArray[np.float32]
    records: list[Record]


def shared_features(chosen: Chosen) -> Features:
    """Return the words and the pairs that have a row of the shared table."""
    words, keys = list(chosen.columns.words), chosen.columns.pairs.keys[: len(chosen.pair_counts)]
    left, right = (part.tolist() for part in split_keys(keys))
    pairs = [f"{START if a == FIRST else words[a]} {words[b]}" for a, b in zip(left, right, strict=True)]
    return Features(Vocabulary(words, chosen.counts), Vocabulary(pairs, chosen.pair_counts))


def all_documents(chosen: Chosen, size: int) -> Ragged:
    """Return the rows of all texts, the labelled ones first."""
    parts = [part.words_and_pairs.below(size) for part in (chosen.labelled, chosen.others)]
    offsets = parts[0].offsets, parts[0].offsets[-1] + parts[1].offsets[1:]
    return Ragged(np.concatenate([part.ids for part in parts]), np.concatenate(offsets))


class ProbedTrainer(Trainer):
    """Trains a job whose primary is judged by a convex fit of its head on the table as it is, not by its own head."""

    def __init__(self, job: Job, probe: Probe) -> None:
        self.probe = probe
        super().__init__(job)
        self.guard.waive(PRIMARY)  # its step on the table is so short that rounding may swallow it

    def evaluate(self, part: PrimaryData) -> Judgement:  # noqa: ARG002
        """Judge the table by the probe."""
        self.job.shared.settle()
        return self.probe.judge(self.job.shared.table)


@dataclass
class Watch(TellsSteps):
    """Tells steps, keeps records, and ends training when no auxiliary counts any more: the convex end comes next.

    The last step with auxiliaries, their weights at it and the share of the rates behind it are kept too.
    """

    stop: StopRequest
    records: list[Record] = field(default_factory=list)
    step: int = 0
    weights: dict[str, float] = field(default_factory=dict)
    rate: float = 0.0
    what: str = "training on all tasks"

    def on_step(self, trainer: Trainer) -> None:
        """Look whether any auxiliary is still to come."""
        super().on_step(trainer)
        strategy = trainer.job.strategy
        if trainer.step < trainer.total and (phase := strategy.phase(trainer.step)).name == "single-task":
            if phase.start == trainer.step:  # the run ends before it tells of that
                self.on_record({"step": trainer.step, "event": phase.name, "text": "the auxiliaries are over"})
            self.stop.limit(0.0)
            return
        last = trainer.step - 1
        self.step, self.weights, self.rate = last, strategy.weights(last), trainer.rate()

    def on_record(self, record: Record) -> None:
        """Keep it."""
        self.records.append(record)


def train_jointly(
    chosen: Chosen,
    primary: LabelledRows,
    auxiliary: Mapping[str, LabelledRows],
    settings: JointSettings,
    *,
    language: bool,
) -> Joint:
    """Train the shared table until the strategy leaves the primary alone.

    Parameters
    ----------
    chosen
        Columns and texts: the labelled examples, then all others.
    primary, auxiliary
        Labelled examples in rows of the shared table.
    settings
        How.
    language
        Whether a language model reads all texts.
    """
    features = shared_features(chosen)
    documents = all_documents(chosen, len(features))
    corpus = Corpus(
        features=features,
        pool=primary,
        development=primary,
        test=primary,
        labelled=dict(auxiliary),
        sentences={LANGUAGE: documents.below(len(features.words))} if language else {},
        skipped_rows={},
        documents={LANGUAGE: documents} if language else {},
    )
    weights = smooth_inverse_frequency(features.frequencies, settings.smoothing)
    job = make_job(corpus, job_settings(list(auxiliary), settings, language=language))
    helpers = [name for name in job.tasks if name != PRIMARY]
    job.strategy = bind(deepcopy(settings.strategy), helpers, STEPS, PASSES)
    trainer, stop = ProbedTrainer(job, Probe.of(primary, weights, settings.seed)), StopRequest()
    watch = Watch(stop)
    trainer.run(watch, stop)
    cool_down(trainer, watch)
    job.shared.settle()
    return Joint(job.shared.table[: len(features)].copy(), weights, watch.records)


def cool_down(trainer: Trainer, watch: Watch) -> None:
    """Train on the auxiliaries that counted last, their rates falling to 0, where training ended before that.

    Vectors that are left while steps are long lie far from where they would come to rest.
    """
    steps = int(watch.step * COOLING) if watch.rate > LEAST_RATE else 0
    for step in range(steps):
        for name, weight in watch.weights.items():
            if name != PRIMARY and weight > 0:
                task = trainer.job.tasks[name]
                task.learn(task.sampler.draw(), weight, watch.rate * (1 - step / steps))


def job_settings(auxiliary: Sequence[str], settings: JointSettings, *, language: bool) -> Settings:
    """Return the settings of the multi-task phase."""
    reading = {"kind": "document", "passes": settings.passes, "table_rate": first_rate(settings.passes)}
    text = {LANGUAGE: reading} if language else {}
    return parse_settings(
        {
            "primary": {"name": PRIMARY, "data": PRIMARY, "passes": PASSES, "table_rate": PRIMARY_TABLE_RATE},
            "auxiliary": {**{name: {"data": name} for name in auxiliary}, **text},
            "model": {"vector_size": settings.vector_size, "smoothing": settings.smoothing},
            "training": {"steps": STEPS, "interval": INTERVAL, "seed": settings.seed, "workers": settings.workers},
        }
    )
