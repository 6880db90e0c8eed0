"""One run in its directory: started or resumed, recorded, checkpointed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from time import perf_counter
from typing import Any

from mt2st.training.checkpoint import Saved, fill_arrays, load_checkpoint, save_checkpoint
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.fingerprint import check_same_data, fingerprints
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Listener, Record, Trainer
from mt2st.training.metrics import MetricsLog
from mt2st.training.ranks import ALONE, Ranks
from mt2st.training.result import finish
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import Settings
from mt2st.training.stopping import StopRequest


class _Recorder:
    """Writes records and checkpoints, and calls the other listeners."""

    def __init__(
        self,
        run: RunDirectory,
        metrics: MetricsLog,
        others: Sequence[Listener],
        every: float,
        data: Mapping[str, str],
    ) -> None:
        self.run, self.metrics, self.others, self.every, self.data = run, metrics, others, every, data
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
        state = {**trainer.state_dict(), "metrics_bytes": self.metrics.size, "data": self.data}
        save_checkpoint(self.run.checkpoints, trainer.step, trainer.arrays(), state)
        self._saved = perf_counter()


class _Nobody(Quiet):
    """Writes nothing: only the first of several ranks does."""

    def save(self, trainer: Trainer) -> None:
        pass


def train(
    settings: Settings,
    run: RunDirectory | None,
    *,
    listeners: Sequence[Listener] = (),
    stop: StopRequest | None = None,
    corpus: Corpus | None = None,
    ranks: Ranks = ALONE,
) -> dict[str, Any] | None:
    """Train in a run directory, from its newest checkpoint if it has one, and return the result.

    Parameters
    ----------
    settings
        The settings stored in the run directory.
    run
        Where records, checkpoints, model and result go; with several ranks only the first has one.
    listeners
        Called at every step and record.
    stop
        Checked after every step; with several ranks, one on which they agree.
    corpus
        The data, if already loaded.
    ranks
        The processes that train together.

    Returns
    -------
    The contents of ``result.json``; None if a signal stopped the run, after saving a checkpoint, and on ranks without
    a run directory.

    Raises
    ------
    ConfigError
        If another process trains in the run directory.
    CheckpointError
        If a data file has changed since the run began, or every checkpoint is damaged.
    NonFiniteLossError
        If the primary's loss is not finite; the last checkpoint is kept.
    OtherRankError
        If another rank has ended.
    """
    if stop is None:  # not ``stop or ...``: a request is false until it is made
        stop = ranks.stop(settings.training.max_seconds)
    with run.being_trained() if run else nullcontext():
        saved = load_checkpoint(run.checkpoints) if run else None
        data = fingerprints(settings) if run else {}
        if saved is not None:
            check_same_data(saved[1].get("data", {}), data)
        trainer = _trainer(corpus or load_corpus(settings), settings, ranks, saved)
        with _recording(run, settings, listeners, saved[1] if saved else None, data) as recorder, stop.listening():
            if saved is None:
                recorder.save(trainer)  # so that there is a valid checkpoint from the first step on
            trainer.run(recorder, stop)
            if trainer.step < trainer.total:
                recorder.save(trainer)
            ranks.leave()
        if run is None or (stop.signal is not None and trainer.step < trainer.total):
            return None
        trainer.ranks = ALONE
        return finish(trainer, run)


def _trainer(corpus: Corpus, settings: Settings, ranks: Ranks, saved: Saved | None) -> Trainer:
    """Return a trainer with the state of the checkpoint, if any, the same on all ranks."""
    trainer = Trainer(ranks.spread(make_job(corpus, settings)), ranks)
    if saved is not None:
        fill_arrays(trainer.arrays(), saved[0])
        trainer.load_state_dict(saved[1])
    ranks.align(trainer)
    return trainer


@contextmanager
def _recording(
    run: RunDirectory | None,
    settings: Settings,
    listeners: Sequence[Listener],
    saved: Mapping[str, Any] | None,
    data: Mapping[str, str],
) -> Iterator[_Recorder | _Nobody]:
    if run is None:
        yield _Nobody()
        return
    metrics = MetricsLog(run.metrics, keep=saved["metrics_bytes"] if saved else 0)
    try:
        yield _Recorder(run, metrics, listeners, settings.training.checkpoint_seconds, data)
    finally:
        metrics.close()
