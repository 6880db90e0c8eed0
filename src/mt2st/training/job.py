"""A job: the tasks, the shared parameters and the strategy that the settings describe, ready to train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.models import Shared
from mt2st.strategies import Clock, Strategy, Work
from mt2st.tasks import LabelledRows, Task
from mt2st.training.builders import make_builder
from mt2st.training.corpus import Corpus
from mt2st.training.primary import PrimaryData
from mt2st.training.schedule import make_strategy, make_work, total_steps
from mt2st.training.settings import Settings
from mt2st.training.split import draw_labelled

if TYPE_CHECKING:
    from mt2st.embeddings.subwords import SubwordIndex


@dataclass
class Job:
    """Everything that the loop trains.

    ``tasks`` has the primary first; ``subwords`` are the rows that make up each word, if a task has subwords.
    """

    settings: Settings
    corpus: Corpus
    tasks: dict[str, Task]
    shared: Shared
    strategy: Strategy
    work: Work
    subwords: SubwordIndex | None = None


def make_job(corpus: Corpus, settings: Settings) -> Job:
    """Build tasks, table and strategy; everything random comes from ``training.seed``."""
    training, primary = settings.training, settings.primary
    chosen = corpus.pool.select(draw(corpus.pool, primary.labels, training.seed))
    build = make_builder(corpus, settings)
    tasks = {primary.name: build.primary(chosen), **{name: build.auxiliary(name) for name in settings.auxiliary}}
    clock = Clock(total_steps(settings), training.steps / primary.passes)
    strategy = make_strategy(settings).bind(primary.name, list(settings.auxiliary), clock)
    return Job(settings, corpus, tasks, build.shared, strategy, make_work(training), build.subwords)


def draw(pool: PrimaryData, count: int | None, seed: int) -> NDArray[np.int64]:
    """Return the indices of the examples to train on, with at least one of each class in a classification."""
    # A tagged sentence has no single class.
    labels = [pool.classes[k] for k in pool.labels] if isinstance(pool, LabelledRows) else [""] * len(pool)
    return np.array(draw_labelled(labels, count, seed), np.int64)
