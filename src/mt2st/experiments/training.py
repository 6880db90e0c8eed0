"""One training of an experiment, in memory, with its curves."""

from __future__ import annotations

from contextlib import suppress
from time import process_time
from typing import TYPE_CHECKING, Any

from mt2st.errors import NonFiniteLossError
from mt2st.training.job import Job, make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Record, Trainer
from mt2st.training.stopping import StopRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mt2st.training.corpus import Corpus
    from mt2st.training.settings import Settings


class Curves(Quiet):
    """Collects, at each interval, passes over the primary, training seconds, its loss and its development score."""

    def __init__(self, primary: str) -> None:
        self.primary, self.points = primary, list[list[float | None]]()

    def on_record(self, record: Record) -> None:
        """Keep a record that has scores."""
        if "score" in record:
            loss, score = record["tasks"][self.primary]["loss"], next(iter(record["score"].values()))
            figures = record["epoch"], record["seconds"]["training"], loss, score
            self.points.append([None if figure is None else round(figure, 4) for figure in figures])


def processor_timed(job: Job) -> Trainer:
    """Return the trainer of a job, with processor seconds."""
    return Trainer(job, clock=process_time)


def train_once(
    corpus: Corpus, settings: Settings, *, with_test: bool, trainer_of: Callable[[Job], Trainer] = processor_timed
) -> dict[str, Any]:
    """Train, and evaluate the parameters of the best development score.

    Seconds are the processor's, as other trainings run in parallel. If the primary's loss becomes infinite or NaN, e.g.
    with a rate that is too high, training ends there.

    Returns
    -------
    ``development`` (the best score), ``epoch`` (of it), ``seconds`` (of training), ``tasks`` (seconds by task),
    ``curve`` ([epoch, seconds, loss, score] at each interval), ``dropped``, and ``test``: the measures, or None.
    """
    trainer = trainer_of(make_job(corpus, settings))
    curves = Curves(settings.primary.name)
    with suppress(NonFiniteLossError):
        trainer.run(curves, StopRequest())
    trainer.restore_best()
    ledger, training = trainer.ledger, settings.training
    return {
        "development": trainer.best_score,
        "epoch": trainer.best["step"] * settings.primary.passes / training.steps,
        "seconds": round(ledger.training_seconds, 4),
        "tasks": {name: round(entry.seconds, 4) for name, entry in ledger.entries.items()},
        "curve": curves.points,
        "dropped": trainer.housekeeping.dropping.dropped,
        "test": trainer.evaluate(corpus.test).as_dict() if with_test else None,
    }
