"""Evaluation of the primary on held-out examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from mt2st.errors import ConfigError
from mt2st.evaluation import evaluate_classification
from mt2st.evaluation.tagging import evaluate_tagging
from mt2st.tasks import Classifies, TaggedRows

if TYPE_CHECKING:
    from mt2st.evaluation.judgement import Judgement
    from mt2st.tasks import Task
    from mt2st.training.primary import PrimaryData
    from mt2st.training.ranks import Ranks


@runtime_checkable
class Tags(Protocol):
    """A task that predicts the tags of sentences."""

    def tag(self, data: TaggedRows) -> list[list[str]]:
        """Return the most likely tags of each sentence."""
        ...


def evaluate(task: Task, part: PrimaryData, ranks: Ranks) -> Judgement:
    """Evaluate a task on held-out examples.

    Raises
    ------
    ConfigError
        If the task cannot be evaluated on examples of this kind.
    """
    if isinstance(part, TaggedRows) and isinstance(task, Tags):
        gold = [part.tags_of(sentence) for sentence in range(len(part))]
        return evaluate_tagging(gold, task.tag(part), spans=part.scheme is not None)
    if isinstance(part, TaggedRows) or not isinstance(task, Classifies):
        raise ConfigError(f"the primary {task.name!r} cannot be judged by its development part: it is of another kind")
    predicted = ranks.logits(task, part.rows).argmax(1)
    return evaluate_classification(part.labels.astype(np.int64), predicted.astype(np.int64), part.classes)


def measure_of(part: PrimaryData) -> str:
    """Return the name of the measure by which training selects its best state."""
    return "span_f1" if isinstance(part, TaggedRows) and part.scheme is not None else "accuracy"
