"""Fakes: tasks that log what is asked of them, and a job of such tasks."""

import numpy as np
import pytest

from mt2st.embeddings import aligned_zeros
from mt2st.models import NativeShared
from mt2st.strategies import Clock, Exact
from mt2st.tasks import LabelledRows, Outcome, Sampler
from mt2st.text import Ragged
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.job import Job, make_job
from mt2st.training.loop import Trainer
from mt2st.training.run import train
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import parse_settings
from mt2st.training.stopping import StopRequest

HELD_OUT = 10


class LoggedSampler(Sampler):
    log: list

    def draw(self):
        self.log.append(("draw", self.name))
        return super().draw()


class FakeTask:
    """Adds ``weight`` times its gradient to the first row of the table; its score is read off a script."""

    classes = ("right", "wrong")

    def __init__(self, name, shared, gradient, log, *, passes=3.0, size=10, steps=4, script=(), outcomes=()):
        self.name, self.shared, self.gradient, self.log = name, shared, np.asarray(gradient, np.float32), log
        self.sampler = LoggedSampler(size, passes, steps, 1, name)
        self.sampler.name, self.sampler.log = name, log
        self.script, self.outcomes = list(script), dict(outcomes)
        self.head = np.zeros(1, np.float32)
        self.calls = 0

    def learn(self, batch, weight, rate):
        self.log.append(("learn", self.name, weight, rate))
        self.calls += 1
        if self.calls in self.outcomes:
            return self.outcomes[self.calls]
        self.shared.table[0] += np.float32(weight) * self.gradient
        self.head += 1
        return Outcome(loss=2.0 * len(batch), terms=len(batch), examples=len(batch), words=3 * len(batch))

    def logits(self, rows):
        self.log.append(("logits", self.name))
        right = self.script.pop(0) if self.script else 5
        return np.array([[1.0, 0.0]] * right + [[0.0, 1.0]] * (len(rows) - right), np.float32)

    def arrays(self):
        return {"head": self.head}


class FakeShared(NativeShared):
    def __init__(self, table, log):
        super().__init__(table)
        self.log, self.seeds = log, []

    def begin_step(self, seed):
        self.seeds.append(seed)

    def finish_step(self, rate):
        self.log.append(("finish", rate))


class Listener:
    """Keeps records, and copies of the table at intervals."""

    def __init__(self):
        self.records, self.tables, self.steps = [], {}, []

    def on_step(self, trainer):
        self.steps.append(trainer.step)

    def on_record(self, record):
        self.records.append(record)

    def on_interval(self, trainer):
        self.tables[trainer.step] = trainer.job.shared.table.copy()


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def fake_job():
    """Return a maker of jobs of a primary ``p`` and auxiliaries, all fakes, and of the log of what they do."""

    def make(strategy, *, steps=4, interval=2, work=None, gradients=None, seed=1, **for_tasks):
        values = {"primary": {"name": "p"}, "training": {"steps": steps, "interval": interval, "seed": seed}}
        log = []
        shared = FakeShared(aligned_zeros(3, 2), log)
        gradients = gradients or {"p": [1.0, 0.0], "a": [0.0, 1.0]}
        tasks = {
            name: FakeTask(name, shared, gradient, log, steps=steps, **for_tasks.get(name, {}))
            for name, gradient in gradients.items()
        }
        rows = Ragged.from_lists([[0]] * HELD_OUT)
        held_out = LabelledRows(rows, np.zeros(HELD_OUT, np.int32), FakeTask.classes)
        corpus = Corpus(None, held_out, held_out, held_out, {}, {}, {})
        bound = strategy.bind("p", [name for name in gradients if name != "p"], Clock(steps))
        return Job(parse_settings(values), corpus, tasks, shared, bound, work or Exact()), log

    return make


class StopAfter(StopRequest):
    """Asks to stop, as a signal does, after some steps."""

    def __init__(self, steps):
        super().__init__()
        self.left = steps

    def __bool__(self):
        if self.left == 0:
            self.signal = 2
        self.left -= 1
        return super().__bool__()


@pytest.fixture
def stop_after():
    return StopAfter


@pytest.fixture
def small_job(job_values):
    """Return a maker of real jobs."""

    def make(changes=None):
        settings = parse_settings(job_values(changes))
        return make_job(load_corpus(settings), settings)

    return make


@pytest.fixture
def run_job(listener):
    """Train a job in memory and return its trainer."""

    def run(job, stop=None):
        trainer = Trainer(job)
        trainer.run(listener, StopRequest() if stop is None else stop)
        return trainer

    return run


@pytest.fixture
def train_in(tmp_path, job_values):
    """Train in a run directory, made where it is missing, and return it with the result."""

    def run(name, changes=None, *, stop=None, corpus=None, listeners=()):
        settings = parse_settings(job_values(changes))
        folder = RunDirectory(tmp_path / name)
        if not folder.config.exists():
            folder = RunDirectory.create(tmp_path / name, settings)
        return folder, train(settings, folder, stop=stop, corpus=corpus, listeners=listeners)

    return run
