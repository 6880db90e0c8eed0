"""Several labels per text, and ratings, on a bag of words and word pairs, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.bag import bag_logits
from mt2st.embeddings.kernels.bag_targets import HUBER, LOGISTIC, SQUARED, bag_targets_update
from mt2st.embeddings.table import whole_rows
from mt2st.tasks.bag_head import learn_in_parts, new_bag_head
from mt2st.tasks.sampler import Sampler
from mt2st.tasks.targets import Scale, TargetRows, check_labels
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

LOSSES = {"logistic": LOGISTIC, "squared": SQUARED, "huber": HUBER}


@dataclass
class BagTargets:
    """One output for each target, from the weighted mean of word and word-pair vectors.

    Parameters
    ----------
    name
        The task's name.
    table
        The shared table, (rows, vector_size), made by `new_table`, changed in place.
    row_weights
        The weight of each row in a mean, (rows,).
    data
        The training examples; an example's loss is the mean over its known targets.
    sampler
        Draws the batches.
    loss
        ``"logistic"``: labels of 1 and 0. ``"squared"``, ``"huber"``: ratings, learned with mean 0 and deviation 1.
    head_rate, table_rate
        Learning rates of head and table.
    head_seed
        Seed of the head's initial values.
    stop_at_bad
        Stop a batch at the first loss that is not finite, as the primary must.
    workers
        Threads that share a batch.

    Examples
    --------
    >>> from mt2st.embeddings import new_table
    >>> from mt2st.tasks import Sampler, TargetRows
    >>> targets = np.array([[1.0], [5.0], [np.nan]], np.float32)
    >>> data = TargetRows(Ragged.from_lists([[1, 2], [3], [2]]), targets, ("stars",))
    >>> sampler = Sampler(3, 1, 1, seed=1, name="stars")
    >>> task = BagTargets("stars", new_table(4, 8, seed=1), np.ones(4, np.float32), data, sampler, "squared", 0.1, 0.1)
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).terms
    2
    """

    name: str
    table: NDArray[np.float32]
    row_weights: NDArray[np.float32]
    data: TargetRows
    sampler: Sampler
    loss: Literal["logistic", "squared", "huber"]
    head_rate: float
    table_rate: float
    head_seed: int = 0
    stop_at_bad: bool = False
    workers: Workers = field(default_factory=Workers)

    def __post_init__(self) -> None:
        self.data.rows.check_below(len(self.table), self.name)
        self._rows, self.names = whole_rows(self.table), self.data.names
        self._targets = np.ascontiguousarray(self._taught())
        self.head = new_bag_head(len(self.names), self.table.shape[1], self.head_seed, self.name)

    def _taught(self) -> NDArray[np.float32]:
        if self.loss == "logistic":
            check_labels(self.data)
            self.scale = None
            return self.data.targets
        self.scale = Scale.of(self.data.targets)
        return self.scale.standardise(self.data.targets)

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the examples ``batch``, one after the other."""
        if len(batch) == 0:
            return Outcome(0.0, 0, 0, 0)
        rates = np.float32(self.head_rate * weight * rate), np.float32(self.table_rate * weight * rate)
        found = learn_in_parts(self.workers, self.head, batch, lambda head, part: self._update(head, part, *rates))
        loss, terms, bad = found
        return Outcome(loss, terms, len(batch), self.data.rows.size_of(batch), bad)

    def _update(
        self, head: NDArray[np.float32], part: NDArray[np.int64], head_rate: np.float32, table_rate: np.float32
    ) -> tuple[float, int, int]:
        rows = self.data.rows
        result: tuple[float, int, int] = bag_targets_update(
            self._rows,
            self.row_weights,
            head,
            rows.ids,
            rows.offsets,
            self._targets,
            part,
            LOSSES[self.loss],
            head_rate,
            table_rate,
            self.stop_at_bad,
        )
        return result

    def outputs(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of labels, or ratings in the unit of the data, of shape (rows, names)."""
        found: NDArray[np.float32] = bag_logits(self._rows, self.row_weights, self.head, rows.ids, rows.offsets)
        return found if self.scale is None else self.scale.restore(found)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the head."""
        return {"head": self.head}
