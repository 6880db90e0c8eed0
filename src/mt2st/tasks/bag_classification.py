"""Text classification on a bag of words and word pairs, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import aligned_zeros, new_table
from mt2st.embeddings.kernels.bag import bag_logits, bag_update
from mt2st.embeddings.table import whole_rows
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.sampler import Sampler, stream_key
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

# Fewer examples than this are not worth a second thread.
LEAST_PART = 64


@dataclass
class BagClassification:
    """Softmax over the mean of word and word-pair vectors, weighted by smooth inverse frequency.

    Parameters
    ----------
    name
        The task's name.
    table
        The shared table, (rows, vector_size), made by `new_table`, changed in place.
    row_weights
        What each row counts in a mean, (rows,).
    data
        The training examples.
    sampler
        Draws the batches.
    head_rate, table_rate
        Learning rates of head and table. Few labels seen many times want a small ``table_rate``: the table overfits
        them long before the head does.
    head_seed
        Of the head's first values.
    stop_at_bad
        Stop a batch at the first loss that is not finite, as the primary must.
    workers
        Threads to share a batch among.
    """

    name: str
    table: NDArray[np.float32]
    row_weights: NDArray[np.float32]
    data: LabelledRows
    sampler: Sampler
    head_rate: float
    table_rate: float
    head_seed: int = 0
    stop_at_bad: bool = False
    workers: Workers = field(default_factory=Workers)

    def __post_init__(self) -> None:
        self.data.rows.check_below(len(self.table), self.name)
        self.classes, self._rows = self.data.classes, whole_rows(self.table)
        size = self.table.shape[1]
        self.head = aligned_zeros(len(self.classes), size + 1)
        # Heads that begin at zero would send no gradient to the table, and equal ones could never part.
        self.head[:, :size] = new_table(
            len(self.classes), size, stream_key(self.head_seed, self.name), scale=0.2 * size
        )

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the examples ``batch``, one after the other."""
        if len(batch) == 0:
            return Outcome(0.0, 0, 0, 0)
        before = self.head.copy()
        rates = np.float32(self.head_rate * weight * rate), np.float32(self.table_rate * weight * rate)
        rows = self.data.rows

        def part_step(part: NDArray[np.int64], number: int) -> tuple[float, int, int]:
            head = before.copy() if number else self.head
            result: tuple[float, int, int] = bag_update(
                self._rows,
                self.row_weights,
                head,
                rows.ids,
                rows.offsets,
                self.data.labels,
                part,
                *rates,
                self.stop_at_bad,
            )
            if number:
                moves.append(head - before)
            return result

        moves: list[NDArray[np.float32]] = []
        results = self.workers.map(part_step, batch, LEAST_PART)
        for move in moves:
            self.head += move
        loss, terms, bad = (sum(column) for column in zip(*results, strict=True))
        return Outcome(loss, int(terms), len(batch), rows.size_of(batch), int(bad))

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        found: NDArray[np.float32] = bag_logits(self._rows, self.row_weights, self.head, rows.ids, rows.offsets)
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the head."""
        return {"head": self.head}
