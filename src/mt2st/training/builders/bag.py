"""Tasks of the bag encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.errors import ConfigError
from mt2st.models import NativeShared
from mt2st.tasks import BagClassification, LabelledRows, TaggedRows, Task
from mt2st.training.builders.builder import Builder
from mt2st.training.further.bag import bag_task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.training.corpus import Corpus
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Settings

# The number of table rows on which gradients are compared.
LOOKED_AT = 512


class BagBuilder(Builder):
    """Builds tasks on the mean of a text's vectors."""

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        super().__init__(corpus, settings)
        self.shared: NativeShared = NativeShared(self.table, self.beside)
        self.row_weights = smooth_inverse_frequency(corpus.features.frequencies, settings.model.smoothing)

    def tagging(self, name: str, data: TaggedRows) -> Task:
        """Refuse tagged sentences; the settings already refuse them."""
        raise ConfigError(f"{name}: {len(data)} tagged sentences have an order, which a bag ignores")

    def classification(self, name: str, data: LabelledRows) -> Task:
        """Return a task whose texts have one label each."""
        is_primary = name == self.settings.primary.name
        if is_primary:
            self.shared.looked_at = frequent_rows(data, LOOKED_AT)
        rates = self.settings.primary if is_primary else self.settings.auxiliary[name]
        task = BagClassification(
            name,
            self.table,
            self.row_weights,
            data,
            self.sampler(name, len(data)),
            rates.head_rate,
            rates.table_rate,
            head_seed=self.seed,
            stop_at_bad=is_primary,
            workers=self.workers,
        )
        if is_primary:
            self.shared.elsewhere.append(task.settle)
        return task

    def further(self, name: str, data: FurtherData) -> Task:
        """Return the task of an auxiliary with several labels, or with ratings."""
        return bag_task(
            name,
            self.settings.auxiliary[name],
            self.table,
            self.row_weights,
            data,
            sampler=self.sampler(name, len(data)),
            seed=self.seed,
            workers=self.workers,
        )


def frequent_rows(data: LabelledRows, most: int) -> NDArray[np.int64]:
    """Return the ``most`` table rows that occur most often in the examples, or all that occur, in ascending order.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> data = LabelledRows(Ragged.from_lists([[5, 2], [5, 9, 2]]), np.array([0, 1], np.int32), ("no", "yes"))
    >>> frequent_rows(data, most=2).tolist()
    [2, 5]
    """
    counts = np.bincount(data.rows.ids)
    return np.sort(np.argsort(-counts, kind="stable")[: min(most, np.count_nonzero(counts))])
