"""Labels that may hold at once, and ratings, on a bag of words and word pairs, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import aligned_zeros, new_table
from mt2st.embeddings.kernels.bag import bag_logits
from mt2st.embeddings.kernels.bag_targets import HUBER, LOGISTIC, SQUARED, bag_targets_update
from mt2st.embeddings.table import whole_rows
from mt2st.tasks.sampler import Sampler, stream_key
from mt2st.tasks.targets import Scale, TargetRows, check_labels
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

LEAST_PART = 64
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
        What each row counts in a mean, (rows,).
    data
        The training examples; an example's loss is the mean over its known targets.
    sampler
        Draws the batches.
    loss
        ``"logistic"``: labels of 1 and 0. ``"squared"``, ``"huber"``: ratings, learned with mean 0 and deviation 1.
    head_rate, table_rate
        Learning rates of head and table.
    head_seed
        Of the head's first values.
    stop_at_bad
        Stop a batch at the first loss that is not finite, as the primary must.
    workers
        Threads to share a batch among.

    Examples
    --------
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
        self._rows, self.names, size = whole_rows(self.table), self.data.names, self.table.shape[1]
        self._targets = np.ascontiguousarray(self._taught())
        self.head = aligned_zeros(len(self.names), size + 1)
        # Small and random, as a head of zeros would send no gradient to the table.
        seed = stream_key(self.head_seed, self.name)
        self.head[:, :size] = new_table(len(self.names), size, seed, scale=0.2 * size)

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
        before, rates = self.head.copy(), (self.head_rate * weight * rate, self.table_rate * weight * rate)
        moves: list[NDArray[np.float32]] = []

        def part_step(part: NDArray[np.int64], number: int) -> tuple[float, int, int]:
            head = before.copy() if number else self.head
            result = self._update(head, part, *map(np.float32, rates))
            if number:
                moves.append(head - before)
            return result

        results = self.workers.map(part_step, batch, LEAST_PART)
        for move in moves:
            self.head += move
        loss, terms, bad = (sum(column) for column in zip(*results, strict=True))
        return Outcome(loss, int(terms), len(batch), self.data.rows.size_of(batch), int(bad))

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
