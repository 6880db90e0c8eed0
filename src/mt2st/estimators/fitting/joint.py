"""The multi-task phase of an estimator: one table trained on auxiliaries and all text, scored by the primary."""

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
from mt2st.estimators.fitting.progress import StepReporter
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
# Steps of the run, and steps between two scores.
STEPS, INTERVAL = 100, 4
# Passes over the primary's examples, to train its head; the convex end fits another head.
PASSES = 1.0
# Steps after an early end in which rates fall to 0, as a share of the steps before it.
COOLING = 0.25
LEAST_RATE = 0.05
# Low, as the table would overfit few labels while it is trained; the convex end learns from the labels instead.
PRIMARY_TABLE_RATE = 1e-3


@dataclass(frozen=True)
class JointSettings:
    """How the shared table is trained.

    Attributes
    ----------
    strategy
        Any strategy, not bound yet.
    vector_size, smoothing, passes
        Dimensions of the table, a of the words' weights, and passes of a language model over all text if it is never
        switched off; 0 for no language model.
    seed, workers
        Random seed and threads; with one worker, a seed gives the same result bit for bit.
    """

    strategy: Strategy
    vector_size: int
    smoothing: float
    passes: float
    seed: int
    workers: int


@dataclass(frozen=True)
class Joint:
    """The result of the multi-task phase.

    Attributes
    ----------
    table
        (shared rows, vector_size): words, then the frequent pairs.
    row_weights
        The weight of each row in a document's mean, (shared rows,).
    records
        Scores and seconds during the phase.
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
    """Trains a job whose primary is scored by a convex fit of a head on the current table, not by its own head."""

    def __init__(self, job: Job, probe: Probe) -> None:
        self.probe = probe
        super().__init__(job)
        self.guard.waive(PRIMARY)  # its step on the table is so short that rounding may swallow it

    def evaluate(self, part: PrimaryData) -> Judgement:  # noqa: ARG002
        """Score the table by the probe."""
        self.job.shared.settle()
        return self.probe.judge(self.job.shared.table)


@dataclass
class FitListener(StepReporter):
    """Reports steps, keeps records, and ends training at the single-task phase, which the convex end replaces.

    It also keeps the last step with auxiliaries, the weights at it, and the share of the learning rates after it.
    """

    stop: StopRequest
    records: list[Record] = field(default_factory=list)
    step: int = 0
    weights: dict[str, float] = field(default_factory=dict)
    rate: float = 0.0
    what: str = "training on all tasks"

    def on_step(self, trainer: Trainer) -> None:
        """Stop training if the single-task phase begins."""
        super().on_step(trainer)
        strategy = trainer.job.strategy
        if trainer.step < trainer.total and (phase := strategy.phase(trainer.step)).name == "single-task":
            if phase.start == trainer.step:  # the loop ends before it records that
                self.on_record({"step": trainer.step, "event": phase.name, "text": "the auxiliaries are over"})
            self.stop.limit(0.0)
            return
        last = trainer.step - 1
        self.step, self.weights, self.rate = last, strategy.weights(last), trainer.rate()

    def on_record(self, record: Record) -> None:
        """Keep the record."""
        self.records.append(record)


def train_jointly(
    chosen: Chosen,
    primary: LabelledRows,
    auxiliary: Mapping[str, LabelledRows],
    settings: JointSettings,
) -> Joint:
    """Train the shared table until the strategy leaves the primary alone.

    Parameters
    ----------
    chosen
        Columns and texts: the labelled texts, and all others.
    primary, auxiliary
        Labelled examples as rows of the shared table.
    settings
        How the table is trained.
    """
    features = shared_features(chosen)
    documents = all_documents(chosen, len(features))
    corpus = Corpus(
        features=features,
        pool=primary,
        development=primary,
        test=primary,
        labelled=dict(auxiliary),
        sentences={LANGUAGE: documents.below(len(features.words))} if settings.passes else {},
        skipped_rows={},
        documents={LANGUAGE: documents} if settings.passes else {},
    )
    weights = smooth_inverse_frequency(features.frequencies, settings.smoothing)
    job = make_job(corpus, job_settings(list(auxiliary), settings))
    helpers = [name for name in job.tasks if name != PRIMARY]
    job.strategy = bind(deepcopy(settings.strategy), helpers, STEPS, PASSES)
    trainer, stop = ProbedTrainer(job, Probe.of(primary, weights, settings.seed)), StopRequest()
    watch = FitListener(stop)
    trainer.run(watch, stop)
    cool_down(trainer, watch)
    job.shared.settle()
    return Joint(job.shared.table[: len(features)].copy(), weights, watch.records)


def cool_down(trainer: Trainer, watch: FitListener) -> None:
    """Train on the last active auxiliaries with rates falling to 0, if training ended before rates had fallen.

    If training stops while steps are still long, the vectors have not converged.
    """
    steps = int(watch.step * COOLING) if watch.rate > LEAST_RATE else 0
    for step in range(steps):
        for name, weight in watch.weights.items():
            if name != PRIMARY and weight > 0:
                task = trainer.job.tasks[name]
                task.learn(task.sampler.draw(), weight, watch.rate * (1 - step / steps))


def job_settings(auxiliary: Sequence[str], settings: JointSettings) -> Settings:
    """Return the settings of the multi-task phase."""
    text = {}
    if settings.passes:
        text[LANGUAGE] = {"kind": "document", "passes": settings.passes, "table_rate": first_rate(settings.passes)}
    return parse_settings(
        {
            "primary": {"name": PRIMARY, "data": PRIMARY, "passes": PASSES, "table_rate": PRIMARY_TABLE_RATE},
            "auxiliary": {**{name: {"data": name} for name in auxiliary}, **text},
            "model": {"vector_size": settings.vector_size, "smoothing": settings.smoothing},
            "training": {"steps": STEPS, "interval": INTERVAL, "seed": settings.seed, "workers": settings.workers},
        }
    )
