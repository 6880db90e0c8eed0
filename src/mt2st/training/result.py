"""The result of a run: scores, work done and skipped, and the finished model."""

from __future__ import annotations

from typing import Any

import numpy as np

from mt2st.embeddings import WordVectors
from mt2st.models import SUBWORDS, TaggingModel, TextModel
from mt2st.tasks import TaggedRows
from mt2st.training.cells import Cell, run_cell
from mt2st.training.corpus import Corpus
from mt2st.training.environment import environment
from mt2st.training.job import Job
from mt2st.training.language import finished_vectors
from mt2st.training.loop import Trainer
from mt2st.training.mistakes import find_mistakes
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import Settings

OPTIMISER_STATE = (".first", ".second", ".steps")
# Constant weights cost some five times what Switch does, so baselines are only trained by default if that is quick.
QUICK_SECONDS = 5.0


def finish(trainer: Trainer, run: RunDirectory) -> dict[str, Any]:
    """Evaluate the best parameters on the test part, once, and save model, vectors and result."""
    trainer.restore_best()
    job, corpus = trainer.job, trainer.job.corpus
    result = {
        "strategy": job.strategy.name,
        "primary": job.settings.primary.name,
        "steps": trainer.step,
        "total_steps": trainer.total,
        "single_task_from": job.strategy.transition(),
        "unended": job.strategy.unended(),
        "stopped": stopped(trainer),
        "best": trainer.best,
        "seconds": trainer.ledger.seconds(),
        "work": work_done(trainer),
        "frozen": trainer.housekeeping.freezing.frozen,
        "dropped": trainer.housekeeping.dropping.dropped,
        "development": trainer.evaluate(corpus.development).as_dict(),
        "test": trainer.evaluate(corpus.test).as_dict(),
        "data": data_used(corpus, job.settings),
        "environment": environment(),
        "baselines": None,
    }
    model = finished_model(job)
    run.save_model(model)
    run.save_mistakes(find_mistakes(model, corpus))
    run.save_result(result)
    run.save_vectors(word_vectors(job))
    quick = trainer.step == trainer.total and trainer.ledger.training_seconds < QUICK_SECONDS
    if job.settings.training.baselines and quick:
        result["baselines"] = run_baselines(job)
        run.save_result(result)
    return result


def stopped(trainer: Trainer) -> str | None:
    """Return in words why training ended before its last step; None if it did not."""
    return None if trainer.step == trainer.total else trainer.housekeeping.converging.reason or "out of time"


def run_baselines(job: Job) -> dict[str, Any]:
    """Train the same job on the primary alone and on all tasks to the end; return their scores and seconds."""
    seed, found = job.settings.training.seed, {}
    for strategy in ("single", "constant"):
        if strategy != job.strategy.name:
            cell = run_cell(job.corpus, job.settings, Cell(strategy, (1.0, 1.0), seed), with_test=True)
            found[strategy] = {"test": cell.test, "development": cell.development, "seconds": cell.seconds}
    return found


def finished_model(job: Job) -> TextModel | TaggingModel:
    """Return the model that predicts the primary's labels, or tags, with the current parameters."""
    settings, pool = job.settings.model, job.corpus.pool
    primary = job.tasks[job.settings.primary.name]
    own: dict[str, Any] = {"smoothing": settings.smoothing} if settings.encoder == "bag" else settings.sizes()
    own["subwords"] = settings.limits() if settings.subwords else None
    # Adam's moments, twice the size of the model, are no longer needed; SUBWORDS belong to the vectors only.
    arrays = {
        name: array
        for name, array in {**job.shared.arrays(), **primary.arrays()}.items()
        if not name.endswith(OPTIMISER_STATE) and name != SUBWORDS
    }
    if isinstance(pool, TaggedRows):
        tagging = {"buckets": pool.buckets, "scheme": pool.scheme, "crf": job.settings.primary.crf}
        needed = {**own, "tagging": tagging}
        return TaggingModel(job.corpus.features, pool.classes, settings.encoder, arrays, needed)
    needed = {**own, "max_words": settings.max_words}
    return TextModel(job.corpus.features, pool.classes, settings.encoder, arrays, needed)


def word_vectors(job: Job) -> WordVectors:
    """Return the vectors of the words with the current parameters."""
    if job.subwords is None:
        return finished_vectors(job.corpus.features, job.shared.table)
    table, features = job.shared.table, job.corpus.features
    # An encoder with subwords has the n-grams' rows in its table, after those of the words.
    rows = np.asarray(job.shared.arrays().get(SUBWORDS, table[len(features) :]), np.float32)
    return finished_vectors(features, table, job.subwords, rows)


def work_done(trainer: Trainer) -> dict[str, Any]:
    """Return each task's role and account."""
    roles = {name: "primary" if name == trainer.primary_name else "auxiliary" for name in trainer.ledger.entries}
    return {name: {"role": roles[name], **account} for name, account in trainer.ledger.accounts().items()}


def data_used(corpus: Corpus, settings: Settings) -> dict[str, Any]:
    """Return the sizes of the primary's parts and the rows left out."""
    labels = settings.primary.labels
    return {
        "training": min(labels or len(corpus.pool), len(corpus.pool)),
        "development": len(corpus.development),
        "test": len(corpus.test),
        "vocabulary": len(corpus.features.words),
        "skipped_rows": corpus.skipped_rows,
        "pretrained": None if corpus.pretrained is None else corpus.pretrained.coverage(),
    }
