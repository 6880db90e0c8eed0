"""Training of the native tagger: a job of window taggers on one shared encoder, run by `Trainer`."""

from __future__ import annotations

from typing import Any

from mt2st.estimators.fitting.progress import StepReporter
from mt2st.estimators.inputs.strategy_choice import PRIMARY, bind, primary_share
from mt2st.estimators.tagging.plan import Plan, TaggedSets
from mt2st.estimators.tagging.vectors import FirstRows, table_of
from mt2st.models.window.encoder import WindowEncoder
from mt2st.models.window.model import WindowModel
from mt2st.models.window.rows import WindowSizes
from mt2st.strategies import Skip
from mt2st.tasks import Sampler
from mt2st.tasks.sampler import stream_key
from mt2st.tasks.window_rows import WindowRows
from mt2st.tasks.window_tagging import WindowRates, WindowTagging
from mt2st.text import Features
from mt2st.training.corpus import Corpus
from mt2st.training.job import Job
from mt2st.training.loop import Trainer
from mt2st.training.settings import Settings
from mt2st.training.stopping import StopRequest

# Steps of the run, which decide how finely tasks are interleaved; rates fall once per step.
STEPS = 200
SIZES = WindowSizes(looks=4096, features=1 << 18)
LOOK_SIZE, REACH = 32, 1
SCORES = 10


def train_window(sets: TaggedSets, first: FirstRows, plan: Plan) -> tuple[WindowModel, Trainer]:
    """Train on the auxiliaries and the primary by the strategy; return the model and the trainer."""
    rows = {word: row for row, word in enumerate(first.words, 1)}
    encoder = WindowEncoder.new(
        table_of(first.rows),
        window=REACH,
        looks=SIZES.looks,
        look_size=LOOK_SIZE,
        hidden_size=plan.hidden_size,
        seed=stream_key(plan.seed, "encoder"),
    )
    classes = sets.primary.classes
    pool, held = (WindowRows.of(*each, rows, classes, SIZES, plan.scheme) for each in (sets.primary, sets.watched))
    bound = bind(plan.strategy, list(sets.auxiliary), STEPS, plan.passes)
    tasks = {PRIMARY: _task(PRIMARY, encoder, pool, plan, plan.passes / primary_share(bound))}
    for name, each in sets.auxiliary.items():
        data = WindowRows.of(*each, rows, each.classes, SIZES)
        tasks[name] = _task(name, encoder, data, plan, plan.auxiliary_passes)
    corpus = Corpus(Features.build([]), pool, held, held, {}, {}, {})
    trainer = Trainer(Job(_settings(plan, len(held)), corpus, dict(tasks), encoder, bound, Skip()))
    trainer.run(StepReporter("training"), StopRequest())
    if len(held):
        trainer.restore_best()
    return WindowModel(encoder.parameters, tasks[PRIMARY].head, tuple(first.words), classes, plan.scheme), trainer


def _task(name: str, encoder: WindowEncoder, data: WindowRows, plan: Plan, passes: float) -> WindowTagging:
    sampler = Sampler(len(data), passes, STEPS, plan.seed, name)
    buckets, primary = SIZES.features, name == PRIMARY
    rates = WindowRates(dropout=plan.dropout)
    return WindowTagging(name, encoder, data, sampler, buckets, rates, plan.seed, stop_at_bad=primary)


def _settings(plan: Plan, held: int) -> Settings:
    """Return the settings of the loop, whose interval is longer than the run if there are no development sentences."""
    values: dict[str, Any] = {
        "primary": {"name": PRIMARY, "kind": "tagging", "passes": plan.passes},
        "model": {"encoder": "bilstm"},  # unused; the settings have no window encoder
        "training": {"seed": plan.seed, "steps": STEPS, "interval": SCORES if held else 10 * STEPS},
    }
    return Settings.model_validate(values)
