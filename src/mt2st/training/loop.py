"""The training loop: at each step get weights from the strategy, run the tasks they select, and record the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError, NonFiniteLossError
from mt2st.evaluation.judgement import Judgement
from mt2st.strategies import Observation, plan
from mt2st.tasks import Outcome
from mt2st.tasks.sampler import stream_key
from mt2st.training.cosines import Cosines
from mt2st.training.evaluation import evaluate, measure_of
from mt2st.training.guard import GradientGuard
from mt2st.training.housekeeping import Housekeeping
from mt2st.training.job import Job
from mt2st.training.kept import Kept
from mt2st.training.ledger import Ledger
from mt2st.training.listener import Listener as Listener
from mt2st.training.listener import Record as Record
from mt2st.training.listener import notify
from mt2st.training.primary import PrimaryData
from mt2st.training.ranks import ALONE, Ranks
from mt2st.training.stopping import StopRequest
from mt2st.training.turns import Step, Turns


class Trainer:
    """Trains a job step by step, alone or with other ranks; all its state is in `state_dict` and `arrays`."""

    def __init__(self, job: Job, ranks: Ranks = ALONE, clock: Callable[[], float] = perf_counter) -> None:
        self.job, self.ranks = job, ranks
        self.total = job.strategy.total_steps
        self.primary_name = job.settings.primary.name
        self.ledger = Ledger(list(job.tasks), clock)
        self.guard = GradientGuard(job.shared)
        self.housekeeping = Housekeeping(job)
        self.step = 0
        self.best: dict[str, Any] = {"step": 0, measure_of(job.corpus.development): -1.0}
        self.best_arrays = {name: array.copy() for name, array in self._model_arrays().items()}
        self.cosines = Cosines(job.shared, self.primary_name, self.ledger, ranks.add_up)
        self.turns = Turns(job.tasks, ranks, self.guard, self.cosines, self.ledger)
        self.kept = Kept(self._trained_arrays(), ("start", "best") if job.strategy.restores else ())

    def run(self, listener: Listener, stop: StopRequest) -> None:
        """Train until the last step, convergence, or a request to stop; a step that has begun is finished."""
        if self.step == 0:
            notify(listener, self.turns.announcements())
        while self.step < self.total and not stop and not self.housekeeping.converging.reason:
            self._announce(listener)
            with self.ledger.training():
                events = self._step()
            self.step += 1
            listener.on_step(self)
            notify(listener, events)
            if self._interval_ends(self.step):
                self._report(listener)
                listener.on_interval(self)

    def _interval_ends(self, step: int) -> bool:
        """Return whether a record is due: every ``interval`` steps, and where a strategy with trials ends a phase."""
        every, strategy = self.job.settings.training.interval, self.job.strategy
        judged = strategy.restores and step == strategy.phase(step - 1).stop
        return judged or step % every == 0 or step == self.total

    def _report(self, listener: Listener) -> None:
        score = self._score()
        record = self._record(score)
        listener.on_record(record)
        notify(listener, self._react(self._observation(score)))
        loss = record["tasks"][self.primary_name]["loss"]
        notify(listener, [self.housekeeping.converging.observe(self.step, record["phase"], loss)])

    def _announce(self, listener: Listener) -> None:
        phase = self.job.strategy.phase(self.step)
        if 0 < phase.start == self.step:
            text = f"the phase {phase.name!r} begins, learning rates start over"
            listener.on_record({"step": self.step, "event": phase.name, "text": text})
        with self.ledger.training():
            event = self.housekeeping.begin(phase, self.step)
        if self.housekeeping.freezing.frozen:
            self.guard.waive(self.primary_name)
        notify(listener, [event])

    def rate(self) -> float:
        """Return the schedule's share of the learning rates."""
        strategy = self.job.strategy
        return strategy.rate_scale(self.step) * self.housekeeping.rates.share(strategy.phase(self.step), self.step)

    def _step(self) -> list[Record | None]:
        settings, events = self.job.settings.training, list[Record | None]()
        weights = self.housekeeping.dropping.without(self.job.strategy.weights(self.step))
        todo = plan(weights, self.job.work, settings.seed, self.step, self.primary_name, self.turns.draw_groups)
        step = Step(todo, self.rate(), self.job.strategy.probes(self.step))
        self.job.shared.begin_step(stream_key(settings.seed, f"step {self.step}"))
        for task, batch, outcome in self.turns.run(step):
            events.append(self._judge(task.name, outcome))
            if task.name == self.primary_name and self._interval_ends(self.step + 1):
                self.housekeeping.converging.look(task, batch, self.ranks)
        self.job.shared.finish_step(step.rate)
        if self._interval_ends(self.step + 1):
            self.job.shared.settle()
        return events

    def _judge(self, name: str, outcome: Outcome) -> Record | None:
        if name != self.primary_name:
            return self.housekeeping.dropping.note(name, outcome, self.step + 1)
        if outcome.not_finite:
            raise NonFiniteLossError(
                f"the loss of the primary {name!r} is not finite at step {self.step}: the last checkpoint is kept; "
                "lower the learning rates (head_rate, table_rate) of the primary or of the auxiliaries"
            )
        return None

    def evaluate(self, part: PrimaryData) -> Judgement:
        """Evaluate the primary on a held-out part."""
        return evaluate(self.job.tasks[self.primary_name], part, self.ranks)

    def _score(self) -> Judgement:
        """Evaluate the primary on the development part, and keep the model if it is the best so far."""
        with self.ledger.evaluation():
            found = self.evaluate(self.job.corpus.development)
            best = self.best[found.measure]
            if found.score > best or not best:  # as long as the score is 0, the latest model has learned the most
                self.best = {"step": self.step, found.measure: found.score}
                for name, array in self._model_arrays().items():
                    self.best_arrays[name][...] = array
        self.ledger.agree(self.ranks.means)
        return found

    @property
    def best_score(self) -> float:
        """Return the best score on the development part so far."""
        return float(self.best[measure_of(self.job.corpus.development)])

    def _record(self, score: Judgement) -> Record:
        last = self.step - 1
        weights = self.housekeeping.dropping.without(self.job.strategy.weights(last))
        counts = ("ran", "skipped", "examples", "words", "not_finite")
        return {
            "step": self.step,
            "epoch": self.step * self.job.settings.primary.passes / self.job.settings.training.steps,
            "phase": self.job.strategy.phase(last).name,
            "score": score.scores(),
            "tasks": {
                name: {"loss": entry.mean_loss, "weight": weights[name], **{key: getattr(entry, key) for key in counts}}
                for name, entry in self.ledger.entries.items()
            },
            "seconds": self.ledger.seconds(),
        }

    def _observation(self, score: Judgement) -> Observation:
        losses = {name: entry.take_loss() for name, entry in self.ledger.entries.items()}
        return Observation(
            self.step,
            score.score,
            {name: loss for name, loss in losses.items() if loss is not None},
            self.ledger.training_seconds,
            cost=float(sum(entry.read for entry in self.ledger.entries.values())),
            noise=score.noise,
            cosines=self.cosines.means.take(),
        )

    def _react(self, seen: Observation) -> Iterator[Record]:
        """Pass an observation to the strategy, carry out its actions, and yield their records."""
        for action in self.job.strategy.observe(seen):
            if action.name == "keep":
                self.kept.keep("best")
                continue
            if action.state:
                self.kept.restore(action.state)
                self.housekeeping.restored()
            yield {"step": action.step, "event": action.name, "task": action.task, "text": action.text()}

    def _model_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays of the finished model: the shared parameters and the primary's head."""
        shared = {f"shared/{name}": array for name, array in self.job.shared.arrays().items()}
        head = self.job.tasks[self.primary_name].arrays()
        return {**shared, **{f"primary/{name}": array for name, array in head.items()}}

    def restore_best(self) -> None:
        """Load the parameters with the best development score; do not train any further after this."""
        if self.best["step"]:
            for name, array in self._model_arrays().items():
                array[...] = self.best_arrays[name]

    def _trained_arrays(self) -> dict[str, NDArray[np.generic]]:
        shared = {f"shared/{name}": array for name, array in self.job.shared.arrays().items()}
        own = {
            f"task/{task}/{name}": array
            for task, held in self.job.tasks.items()
            for name, array in held.arrays().items()
        }
        return {**shared, **own}

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array that training changes, by name: the live arrays, to be saved or loaded in place."""
        best = {f"best/{name}": array for name, array in self.best_arrays.items()}
        return {**self._trained_arrays(), **best, **{f"kept/{name}": a for name, a in self.kept.arrays().items()}}

    def state_dict(self) -> dict[str, Any]:
        """Return all other state as JSON values."""
        return {
            "step": self.step,
            "best": self.best,
            "draws": {name: task.sampler.draws for name, task in self.job.tasks.items()},
            "strategy": self.job.strategy.state_dict(),
            "cosines": self.cosines.means.state_dict(),
            "ledger": self.ledger.state_dict(),
            "housekeeping": self.housekeeping.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved state."""
        if set(state["draws"]) != set(self.job.tasks):
            raise CheckpointError(f"the checkpoint is of the tasks {', '.join(state['draws'])}: resume with the same")
        self.job.strategy.load_state_dict(state["strategy"])
        self.cosines.means.load_state_dict(state["cosines"])
        self.ledger.load_state_dict(state["ledger"])
        self.step, self.best = state["step"], dict(state["best"])
        for name, draws in state["draws"].items():
            self.job.tasks[name].sampler.draws = draws
        self.housekeeping.load_state_dict(state["housekeeping"])
