"""Tasks of the auxiliaries that learn from word lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mt2st.models.pytorch.table import TorchTable
from mt2st.tasks.lexical.alignment import AlignmentTask, source_words
from mt2st.tasks.lexical.analogy import AnalogyTask, Combination
from mt2st.tasks.lexical.offset import OffsetTask
from mt2st.tasks.lexical.similarity import SimilarityTask
from mt2st.tasks.lexical.table_task import TableTask

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from mt2st.tasks import Sampler, Task
    from mt2st.tasks.pytorch.differentiable import DifferentiableTask
    from mt2st.training.lexical.word_lists import WordList
    from mt2st.training.settings import Auxiliary

TEMPERATURES = {"similarity": 0.1, "analogy": 0.02, "alignment": 0.1}
MAPPING_RATE = 0.01


def lexical_task(
    name: str, auxiliary: Auxiliary, words: NDArray[np.float32], found: WordList, sampler_of: Callable[[int], Sampler]
) -> Task:
    """Return the task of an auxiliary on the rows of the words.

    Parameters
    ----------
    name, auxiliary
        Its name and settings.
    words
        The words' rows of the shared table, most frequent first.
    found
        The auxiliary's word lists.
    sampler_of
        Returns the sampler for a number of examples.
    """
    make = {"similarity": _similarity, "analogy": _analogy, "offset": _offset, "alignment": _alignment}[auxiliary.kind]
    shared = TorchTable(words, auxiliary.table_rate, MAPPING_RATE)
    return TableTask(shared, partial(make, name, auxiliary, found, sampler_of))


def _similarity(
    name: str, auxiliary: Auxiliary, found: WordList, sampler_of: Callable[[int], Sampler], shared: TorchTable
) -> DifferentiableTask:
    chosen = found.above_median() if auxiliary.over == "elements" else np.ones(len(found), bool)
    return SimilarityTask(
        name,
        shared,
        found.places[chosen],
        found.marks[chosen],
        sampler_of(int(chosen.sum())),
        sets=found.sets[chosen],
        over=auxiliary.over,
        temperature=_temperature(auxiliary),
        ranks=auxiliary.ranks,
    )


def _analogy(
    name: str, auxiliary: Auxiliary, found: WordList, sampler_of: Callable[[int], Sampler], shared: TorchTable
) -> DifferentiableTask:
    return AnalogyTask(
        name,
        shared,
        found.places,
        found.marks > 0,
        sampler_of(len(found)),
        candidates=auxiliary.candidates,
        temperature=_temperature(auxiliary),
        combination=Combination(auxiliary.semantic, auxiliary.syntactic, auxiliary.total),
    )


def _offset(
    name: str,
    auxiliary: Auxiliary,  # noqa: ARG001
    found: WordList,
    sampler_of: Callable[[int], Sampler],
    shared: TorchTable,
) -> DifferentiableTask:
    return OffsetTask(name, shared, found.places, sampler_of(len(found)))


def _alignment(
    name: str, auxiliary: Auxiliary, found: WordList, sampler_of: Callable[[int], Sampler], shared: TorchTable
) -> DifferentiableTask:
    return AlignmentTask(
        name,
        shared,
        found.places,
        sampler_of(source_words(found.places)),
        target_vectors=found.targets,
        mapping=auxiliary.mapping,
        temperature=_temperature(auxiliary),
        gamma=auxiliary.gamma,
        neighbours=auxiliary.neighbours,
        threshold=auxiliary.threshold,
    )


def _temperature(auxiliary: Auxiliary) -> float:
    return TEMPERATURES[auxiliary.kind] if auxiliary.temperature is None else auxiliary.temperature
