"""The loop: at each step ask the strategy what counts, run that and nothing else, and keep account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError, NonFiniteLossError
from mt2st.evaluation import ClassificationReport, evaluate_classification
from mt2st.strategies import Observation, plan
from mt2st.tasks import LabelledRows, Outcome
from mt2st.tasks.sampler import stream_key
from mt2st.training.course import Course
from mt2st.training.guard import GradientGuard
from mt2st.training.job import Job
from mt2st.training.ledger import Ledger
from mt2st.training.stopping import StopRequest

Record = dict[str, Any]


class Listener(Protocol):
    """Hears of training as it goes: the metrics file and what the screen shows."""

    def on_step(self, trainer: Trainer) -> None:
        """Take note that a step is done."""
        ...

    def on_record(self, record: Record) -> None:
        """Take a record of an interval, or of an event."""
        ...

    def on_interval(self, trainer: Trainer) -> None:
        """Take note that an interval and its record are done: the moment for a checkpoint."""
        ...


class Trainer:
    """Trains a job step by step; all that changes is in `state_dict` and `arrays`."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.total = job.settings.training.steps
        self.primary_name = job.settings.primary.name
        self.ledger = Ledger(list(job.tasks))
        self.guard = GradientGuard(job.shared)
        self.course = Course(job)
        self.step = 0
        self.best = {"step": 0, "accuracy": -1.0}
        self.best_arrays = {name: array.copy() for name, array in self._model_arrays().items()}

    def run(self, listener: Listener, stop: StopRequest) -> None:
        """Train until the last step, or until asked to stop; a step once begun is finished."""
        while self.step < self.total and not stop and not self.course.converging.reason:
            self._announce(listener)
            with self.ledger.training():
                events = self._step()
            self.step += 1
            listener.on_step(self)
            if self._ends_interval(self.step):
                record = self._record()
                listener.on_record(record)
                loss = record["tasks"][self.primary_name]["loss"]
                events.append(self.course.converging.observe(self.step, record["phase"], loss))
            _tell(listener, events)
            if self._ends_interval(self.step):
                listener.on_interval(self)

    def _ends_interval(self, step: int) -> bool:
        return step % self.job.settings.training.interval == 0 or step == self.total

    def _announce(self, listener: Listener) -> None:
        phase = self.job.strategy.phase(self.step)
        if 0 < phase.start == self.step:
            text = f"the phase {phase.name!r} begins, learning rates start anew"
            listener.on_record({"step": self.step, "event": phase.name, "text": text})
        with self.ledger.training():
            event = self.course.begin(phase, self.step)
        if self.course.freezing.frozen:
            self.guard.waive(self.primary_name)
        _tell(listener, [event])

    def rate(self) -> float:
        """Return the schedule's share of the learning rates."""
        return self.course.rates.share(self.job.strategy.phase(self.step), self.step)

    def _step(self) -> list[Record | None]:
        settings, events = self.job.settings.training, list[Record | None]()
        weights = self.course.dropping.without(self.job.strategy.weights(self.step))
        todo = plan(weights, self.job.work, settings.seed, self.step, self.primary_name)
        rate = self.rate()
        self.job.shared.begin_step(stream_key(settings.seed, f"step {self.step}"))
        for name, task in self.job.tasks.items():
            if name not in todo:
                self.ledger.entries[name].skip(task.sampler.expected())
                continue
            with self.ledger.task(name):
                batch = task.sampler.draw()
                outcome = self.guard.learn(task, batch, todo[name], rate)
            events.append(self._judge(name, outcome))
            self.ledger.entries[name].add(outcome)
            if name == self.primary_name and self._ends_interval(self.step + 1):
                self.course.converging.look(task, batch)
        self.job.shared.finish_step(rate)
        if self._ends_interval(self.step + 1):
            self.job.shared.settle()
        return events

    def _judge(self, name: str, outcome: Outcome) -> Record | None:
        if name != self.primary_name:
            return self.course.dropping.note(name, outcome, self.step + 1)
        if outcome.not_finite:
            raise NonFiniteLossError(
                f"the loss of the primary {name!r} is not finite at step {self.step}: the last checkpoint is kept; "
                "lower the learning rates (head_rate, table_rate) of the primary or of the auxiliaries"
            )
        return None

    def evaluate(self, part: LabelledRows) -> ClassificationReport:
        """Judge the primary on a held-out part."""
        predicted = self.job.primary.logits(part.rows).argmax(1)
        return evaluate_classification(part.labels.astype(np.int64), predicted.astype(np.int64), part.classes)

    def _record(self) -> Record:
        with self.ledger.evaluation():
            score = self.evaluate(self.job.corpus.development)
            if score.accuracy > self.best["accuracy"]:
                self.best = {"step": self.step, "accuracy": score.accuracy}
                for name, array in self._model_arrays().items():
                    self.best_arrays[name][...] = array
        last = self.step - 1
        losses = {name: entry.take_loss() for name, entry in self.ledger.entries.items()}
        weights = self.course.dropping.without(self.job.strategy.weights(last))
        known = {name: loss for name, loss in losses.items() if loss is not None}
        self.job.strategy.observe(Observation(self.step, score.accuracy, known, self.ledger.training_seconds))
        counts = ("ran", "skipped", "examples", "words", "not_finite")
        return {
            "step": self.step,
            "epoch": self.step * self.job.settings.primary.passes / self.total,
            "phase": self.job.strategy.phase(last).name,
            "score": {"accuracy": score.accuracy, "macro_f1": score.macro_f1},
            "tasks": {
                name: {"loss": losses[name], "weight": weights[name], **{key: getattr(entry, key) for key in counts}}
                for name, entry in self.ledger.entries.items()
            },
            "seconds": self.ledger.seconds(),
        }

    def _model_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what the finished model needs: the shared parameters and the primary's head."""
        shared = {f"shared/{name}": array for name, array in self.job.shared.arrays().items()}
        head = self.job.tasks[self.primary_name].arrays()
        return {**shared, **{f"primary/{name}": array for name, array in head.items()}}

    def restore_best(self) -> None:
        """Put the parameters of the best development score in place; afterwards only evaluation makes sense."""
        if self.best["step"]:
            for name, array in self._model_arrays().items():
                array[...] = self.best_arrays[name]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array that training changes, by name; live, to be saved or filled in."""
        shared = {f"shared/{name}": array for name, array in self.job.shared.arrays().items()}
        own = {
            f"task/{task}/{name}": array
            for task, held in self.job.tasks.items()
            for name, array in held.arrays().items()
        }
        return {**shared, **own, **{f"best/{name}": array for name, array in self.best_arrays.items()}}

    def state_dict(self) -> dict[str, Any]:
        """Return all other state as JSON values."""
        return {
            "step": self.step,
            "best": self.best,
            "draws": {name: task.sampler.draws for name, task in self.job.tasks.items()},
            "strategy": self.job.strategy.state_dict(),
            "ledger": self.ledger.state_dict(),
            "course": self.course.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up saved state."""
        if set(state["draws"]) != set(self.job.tasks):
            raise CheckpointError(f"the checkpoint is of the tasks {', '.join(state['draws'])}: resume with the same")
        self.job.strategy.load_state_dict(state["strategy"])
        self.ledger.load_state_dict(state["ledger"])
        self.step, self.best = state["step"], dict(state["best"])
        for name, draws in state["draws"].items():
            self.job.tasks[name].sampler.draws = draws
        self.course.load_state_dict(state["course"])


def _tell(listener: Listener, events: Sequence[Record | None]) -> None:
    for event in events:
        if event is not None:
            listener.on_record(event)
