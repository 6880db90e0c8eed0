"""Language modelling as an auxiliary: skip-gram or CBOW with negative sampling, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.embeddings.pairs import PairAdvance, PairModel
    from mt2st.tasks.sampler import Sampler
    from mt2st.text import Ragged

LEAST_PART = 16


@dataclass
class LanguageModel:
    """Predict the words around each word of unlabelled sentences, or a word from those around it.

    Parameters
    ----------
    name
        The task's name.
    model
        The method over the shared table.
    sentences
        Word numbers of each sentence.
    sampler
        Draws the sentences.
    rate
        Learning rate of input and output rows.
    workers
        Threads that share a batch.

    Raises
    ------
    DataError
        If a sentence has a word that is not in the model's vocabulary.

    Examples
    --------
    >>> from mt2st.embeddings import new_table
    >>> from mt2st.embeddings.pairs import PairModel
    >>> from mt2st.tasks import Sampler
    >>> from mt2st.text import Ragged
    >>> model = PairModel(new_table(4, 8, seed=1), np.array([2, 2, 2, 2]), method="cbow", negative=2, sample=0)
    >>> sampler = Sampler(size=2, passes=1, steps=1, seed=1, name="language")
    >>> task = LanguageModel("language", model, Ragged.from_lists([[0, 1, 2], [1, 3, 0, 2, 3]]), sampler, rate=0.05)
    >>> outcome = task.learn(sampler.draw(), weight=1.0, rate=1.0)
    >>> outcome.terms, outcome.examples, outcome.words
    (8, 2, 8)
    """

    name: str
    model: PairModel
    sentences: Ragged
    sampler: Sampler
    rate: float
    workers: Workers = field(default_factory=Workers)

    def __post_init__(self) -> None:
        self.sentences.check_below(len(self.model.counts), self.name)

    @property
    def table(self) -> NDArray[np.float32]:
        """Return the table that is trained."""
        return self.model.table

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the sentences ``batch``."""
        if len(batch) == 0:
            return Outcome(0.0, 0, 0, 0)

        def part_step(part: NDArray[np.int64], number: int) -> PairAdvance:
            key = self.sampler.draw_key(number)
            return self.model.advance(self.sentences, part, self.rate * weight * rate, key)

        done = self.workers.map(part_step, batch, LEAST_PART)
        loss, pairs, bad = (sum(getattr(part, name) for part in done) for name in ("loss", "pairs", "not_finite"))
        return Outcome(float(loss), int(pairs), len(batch), self.sentences.size_of(batch), int(bad))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the output rows."""
        return self.model.arrays()
