"""Text classification on a bag of words and word pairs, native engine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.active_bag import bag_relevance
from mt2st.embeddings.kernels.bag import bag_logits, bag_update
from mt2st.embeddings.table import whole_rows
from mt2st.tasks.active_columns import ActiveColumns
from mt2st.tasks.bag_gradient import bag_gradient_norm
from mt2st.tasks.bag_head import learn_in_parts, new_bag_head
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.sampler import Sampler
from mt2st.tasks.task import Outcome
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

# Examples in a gradient norm, which takes a sum over all pairs of them.
GRADIENT_OF = 512


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
        The weight of each row in a mean, (rows,).
    data
        The training examples.
    sampler
        Draws the batches.
    head_rate, table_rate
        Learning rates of head and table. With few labels and many passes use a small ``table_rate``, as the table
        overfits long before the head does.
    head_seed
        Seed of the head's initial values.
    stop_at_bad
        Stop a batch at the first loss that is not finite, as the primary must.
    workers
        Threads that share a batch.
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
        self._active: ActiveColumns | None = None
        self.classes, self._rows = self.data.classes, whole_rows(self.table)
        self.head = new_bag_head(len(self.classes), self.table.shape[1], self.head_seed, self.name)

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
        if self._active is not None:
            return self._active.update(head, part, head_rate, table_rate, self.stop_at_bad)
        rows, labels = self.data.rows, self.data.labels
        result: tuple[float, int, int] = bag_update(
            self._rows,
            self.row_weights,
            head,
            rows.ids,
            rows.offsets,
            labels,
            part,
            head_rate,
            table_rate,
            self.stop_at_bad,
        )
        return result

    def relevance(self, *, layers: bool = False) -> tuple[NDArray[np.float64], dict[str, float]]:  # noqa: ARG002
        """Return the relevance of each dimension to this task on its training examples, shape (vector_size,).

        With v_i the vector of word i, w_i its weight, L_e the loss of example e and T the words of all examples:
        ``R_d = 1 / T * sum(|dL_e / dv_id * v_id| for e for i in e)``, where
        ``dL_e / dv_i = w_i / sum(w_j for j in e) * dL_e / dmean_e``. A word that occurs twice counts twice.
        There are no layers.
        """
        self.settle()
        rows = self.data.rows
        found: NDArray[np.float64] = bag_relevance(
            self._rows, self.row_weights, self.head, rows.ids, rows.offsets, self.data.labels
        )
        return found, {}

    def freeze(self, columns: NDArray[np.int64], layers: Collection[str] = ()) -> None:  # noqa: ARG002
        """Freeze these columns of the table, in ascending order, from here on; none: train all again.

        The head still uses and trains all of its columns. The table is out of date until `settle`.
        """
        self.settle()
        self._active = None
        if len(columns):
            self._active = ActiveColumns(self._rows, self.row_weights, self.data, self.table.shape[1], columns)

    def gradient_norm(self, batch: NDArray[np.int64]) -> float:
        """Return the gradient norm of the mean loss of the examples ``batch``, on the columns that are not frozen.

        Only the first 512 examples are used, with the current parameters; NaN if all columns are frozen.
        """
        batch = batch[:GRADIENT_OF]
        rows = self.data.rows.select(batch)
        columns = np.arange(self.table.shape[1]) if self._active is None else self._active.active
        if not len(columns):
            return float("nan")
        labels = self.data.labels[batch]
        return bag_gradient_norm(self.logits(rows), labels, self.head[:, columns], rows, self.row_weights)

    def settle(self) -> None:
        """Bring the table up to date, if columns are frozen."""
        if self._active is not None:
            self._active.settle()

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        self.settle()
        found: NDArray[np.float32] = bag_logits(self._rows, self.row_weights, self.head, rows.ids, rows.offsets)
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the head."""
        return {"head": self.head}
