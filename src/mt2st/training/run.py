"""One run from its settings to its result: train, resume, judge, save."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from mt2st.models import TextModel
from mt2st.training.cells import Cell, run_cell
from mt2st.training.checkpoint import fill_arrays, load_checkpoint, save_checkpoint
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.environment import environment
from mt2st.training.job import Job, make_job
from mt2st.training.loop import Listener, Record, Trainer
from mt2st.training.metrics import MetricsLog
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import Settings
from mt2st.training.stopping import StopRequest

OPTIMISER_STATE = (".first", ".second", ".steps")
# Constant weights cost some five times what Switch does; nobody asked to wait for long.
QUICK_SECONDS = 5.0


class _Recorder:
    """Writes records and checkpoints, and passes on what it hears."""

    def __init__(self, run: RunDirectory, metrics: MetricsLog, others: Sequence[Listener], every: float) -> None:
        self.run, self.metrics, self.others, self.every = run, metrics, others, every
        self._saved = perf_counter()

    def on_step(self, trainer: Trainer) -> None:
        for other in self.others:
            other.on_step(trainer)

    def on_record(self, record: Record) -> None:
        self.metrics.append(record)
        for other in self.others:
            other.on_record(record)

    def on_interval(self, trainer: Trainer) -> None:
        if perf_counter() - self._saved >= self.every or trainer.step == trainer.total:
            self.save(trainer)
        for other in self.others:
            other.on_interval(trainer)

    def save(self, trainer: Trainer) -> None:
        state = {**trainer.state_dict(), "metrics_bytes": self.metrics.size}
        save_checkpoint(self.run.checkpoints, trainer.step, trainer.arrays(), state)
        self._saved = perf_counter()


def train(
    settings: Settings,
    run: RunDirectory,
    *,
    listeners: Sequence[Listener] = (),
    stop: StopRequest | None = None,
    corpus: Corpus | None = None,
) -> dict[str, Any] | None:
    """Train in a run directory, from its newest checkpoint where it has one, and return the result.

    Parameters
    ----------
    settings
        Those stored in the run directory.
    run
        Where records, checkpoints, model and result go.
    listeners
        Hear of every step and record.
    stop
        Asked after every step whether to stop.
    corpus
        The data, where it is loaded already.

    Returns
    -------
    The contents of ``result.json``; None where a signal stopped the run, after saving a checkpoint.

    Raises
    ------
    NonFiniteLossError
        Where the primary's loss is not finite; the last checkpoint stays as it is.
    """
    if stop is None:  # one that has not been asked yet is false
        stop = StopRequest(settings.training.max_seconds)
    corpus = corpus or load_corpus(settings)
    trainer = Trainer(make_job(corpus, settings))
    saved = load_checkpoint(run.checkpoints)
    if saved is not None:
        fill_arrays(trainer.arrays(), saved[0])
        trainer.load_state_dict(saved[1])
    metrics = MetricsLog(run.metrics, keep=saved[1]["metrics_bytes"] if saved else 0)
    recorder = _Recorder(run, metrics, listeners, settings.training.checkpoint_seconds)
    try:
        with stop.listening():
            trainer.run(recorder, stop)
        if trainer.step < trainer.total:
            recorder.save(trainer)
    finally:
        metrics.close()
    if stop.signal is not None and trainer.step < trainer.total:
        return None
    return finish(trainer, run)


def finish(trainer: Trainer, run: RunDirectory) -> dict[str, Any]:
    """Judge the best parameters on the test part, once, and save model, vectors and result."""
    trainer.restore_best()
    job, corpus = trainer.job, trainer.job.corpus
    result = {
        "strategy": job.strategy.name,
        "primary": job.settings.primary.name,
        "steps": trainer.step,
        "total_steps": trainer.total,
        "stopped": None if trainer.step == trainer.total else "out of time",
        "best": trainer.best,
        "seconds": trainer.ledger.seconds(),
        "work": work_done(trainer),
        "development": trainer.evaluate(corpus.development).as_dict(),
        "test": trainer.evaluate(corpus.test).as_dict(),
        "data": data_used(job),
        "environment": environment(),
        "baselines": None,
    }
    run.save_model(finished_model(job))
    run.save_result(result)
    quick = trainer.step == trainer.total and trainer.ledger.training_seconds < QUICK_SECONDS
    if job.settings.training.baselines and quick:
        result["baselines"] = run_baselines(job)
        run.save_result(result)
    return result


def run_baselines(job: Job) -> dict[str, Any]:
    """Train the same job on the primary alone and on everything all the time; return their scores and seconds."""
    seed, found = job.settings.training.seed, {}
    for strategy in ("single", "constant"):
        if strategy != job.strategy.name:
            cell = run_cell(job.corpus, job.settings, Cell(strategy, (1.0, 1.0), seed), with_test=True)
            found[strategy] = {"test": cell.test, "development": cell.development, "seconds": cell.seconds}
    return found


def finished_model(job: Job) -> TextModel:
    """Return the model that predicts the primary's labels with the parameters now in place."""
    settings = job.settings.model
    primary = job.tasks[job.settings.primary.name]
    needed = {"smoothing": settings.smoothing} if settings.encoder == "bag" else {"hidden_size": settings.hidden_size}
    # Adam's moments are of no use any more, and twice the size of the model.
    arrays = {
        name: array
        for name, array in {**job.shared.arrays(), **primary.arrays()}.items()
        if not name.endswith(OPTIMISER_STATE)
    }
    return TextModel(job.corpus.features, job.primary.classes, settings.encoder, arrays, needed)


def work_done(trainer: Trainer) -> dict[str, Any]:
    """Return each task's account."""
    primary = trainer.primary_name
    counts = ("ran", "skipped", "examples", "examples_skipped", "words", "not_finite", "seconds")
    return {
        name: {
            "role": "primary" if name == primary else "auxiliary",
            **{key: getattr(entry, key) for key in counts},
        }
        for name, entry in trainer.ledger.entries.items()
    }


def data_used(job: Job) -> dict[str, Any]:
    """Return the sizes of the primary's parts and the rows left out."""
    labels = job.settings.primary.labels
    corpus = job.corpus
    return {
        "training": min(labels or len(corpus.pool), len(corpus.pool)),
        "development": len(corpus.development),
        "test": len(corpus.test),
        "vocabulary": len(corpus.features.words),
        "skipped_rows": corpus.skipped_rows,
    }
