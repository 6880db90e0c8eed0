"""Training of the torch tagger: a job with a BiLSTM as in `mt2st train`, from sentences in memory."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mt2st.estimators.fitting.progress import StepReporter
from mt2st.estimators.inputs.strategy_choice import PRIMARY, bind, primary_share
from mt2st.estimators.tagging.vectors import lowered
from mt2st.estimators.tagging.window import SCORES, STEPS
from mt2st.evaluation import find_scheme
from mt2st.text import Features
from mt2st.text.tagged import TaggedSentence
from mt2st.training.corpus import Corpus
from mt2st.training.further.tagging import encode_tagged
from mt2st.training.job import make_job
from mt2st.training.loop import Trainer
from mt2st.training.pretrained import Pretrained
from mt2st.training.result import finished_model
from mt2st.training.settings import Settings
from mt2st.training.stopping import StopRequest

if TYPE_CHECKING:
    from mt2st.estimators.tagging.inputs import Tagged
    from mt2st.estimators.tagging.plan import Plan, TaggedSets
    from mt2st.estimators.tagging.vectors import FirstRows
    from mt2st.models import TaggingModel
    from mt2st.tasks import TaggedRows

BATCH = 16


def train_bilstm(sets: TaggedSets, first: FirstRows, plan: Plan) -> tuple[TaggingModel, Trainer]:
    """Train on the auxiliaries and the primary by the strategy; return the model and the trainer."""
    settings = settings_of(sets, plan)
    bound = bind(plan.strategy, list(sets.auxiliary), settings.training.steps, plan.passes)
    share = {"passes": plan.passes / primary_share(bound)}
    settings = settings.model_copy(update={"primary": settings.primary.model_copy(update=share)})
    job = replace(make_job(_corpus(sets, first, plan), settings), strategy=bound)
    trainer = Trainer(job)
    trainer.run(StepReporter("training"), StopRequest())
    if len(job.corpus.development):
        trainer.restore_best()
    return cast("TaggingModel", finished_model(job)), trainer


def settings_of(sets: TaggedSets, plan: Plan) -> Settings:
    """Return the settings of the job, whose steps are the primary's batches, or if more the native tagger's steps."""
    batches = round(plan.passes * len(sets.primary.sentences) / BATCH)
    steps = max(STEPS, batches)
    values: dict[str, Any] = {
        "primary": {"name": PRIMARY, "kind": "tagging", "crf": plan.scheme is not None},
        "auxiliary": {
            name: {"kind": "tagging", "data": name, "passes": plan.auxiliary_passes} for name in sets.auxiliary
        },
        "model": {
            "encoder": "bilstm",
            "vector_size": plan.vector_size,
            "hidden_size": plan.hidden_size,
            "dropout": plan.dropout,
        },
        "training": {"seed": plan.seed, "steps": steps, "workers": plan.workers},
    }
    interval = max(steps // (2 * SCORES), 1) if len(sets.watched.sentences) else 10 * steps
    values["training"]["interval"] = interval
    return Settings.model_validate(values)


def _corpus(sets: TaggedSets, first: FirstRows, plan: Plan) -> Corpus:
    taught = [sets.primary.sentences, *(each.sentences for each in sets.auxiliary.values())]
    # Words of the unlabelled text have rows too, as they have vectors, although no tag was seen with them.
    features = Features.build(chain(lowered(*taught), ([word] * 2 for word in first.words)), pairs=False)
    pool, held = (_rows(each, features, sets.primary.classes, plan.scheme) for each in (sets.primary, sets.watched))
    further = {name: _rows(each, features, each.classes, None) for name, each in sets.auxiliary.items()}
    numbers = features.place(first.words).astype(np.int64)
    pretrained = Pretrained(numbers, first.rows, len(features), 1.0) if len(numbers) else None
    return Corpus(features, pool, held, held, {}, {}, {}, further=dict(further), pretrained=pretrained)


def _rows(tagged: Tagged, features: Features, classes: tuple[str, ...], scheme: str | None) -> TaggedRows:
    sentences = [
        TaggedSentence(tokens, tags, [], " ".join(tokens))
        for tokens, tags in zip(tagged.sentences, tagged.tags, strict=True)
    ]
    return encode_tagged(sentences, features, classes, None if scheme is None else find_scheme(scheme))
