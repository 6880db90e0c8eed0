"""A finished model and how it was fitted; without imports of Numba or scikit-learn, so that prediction starts soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mt2st.estimators.fitting.helpers import Helpers
    from mt2st.estimators.fitting.joint import Joint
    from mt2st.models.columns import TextRows
    from mt2st.models.linear_text import LinearText
    from mt2st.text import Ragged


@dataclass(frozen=True)
class Head:
    """A fitted head.

    Attributes
    ----------
    weights
        (columns of all blocks and the bias, outputs), multiplied by the blocks' shares.
    temperature
        Temperature of its probabilities, found on held-out examples.
    cost, share, accuracy
        C and the vectors' share as chosen by cross-validation, and its accuracy.
    """

    weights: NDArray[np.float64]
    temperature: float
    cost: float
    share: float
    accuracy: float


@dataclass(frozen=True)
class Vectors:
    """Document vectors: means of rows of a table, standardised.

    Attributes
    ----------
    table, row_weights
        As in `Joint`.
    mean, scale
        Mean and scale of each dimension, see `mt2st.estimators.fitting.probe.scales`.
    """

    table: NDArray[np.float32]
    row_weights: NDArray[np.float32]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, joint: Joint, texts: TextRows) -> Vectors:
        """Return vectors standardised on some texts."""
        from mt2st.estimators.fitting.probe import scales  # compiles, or loads, kernels
        from mt2st.models.columns.vectors import mean_vectors

        rows = texts.words_and_pairs.below(len(joint.table))
        return cls(joint.table, joint.row_weights, *scales(mean_vectors(rows, joint.table, joint.row_weights)))

    def of_texts(self, texts: TextRows) -> NDArray[np.float32]:
        """Return the vector of each text, (texts, vector_size), with a mean length of 1."""
        return self.of_rows(texts.words_and_pairs.below(len(self.table)))

    def of_rows(self, rows: Ragged) -> NDArray[np.float32]:
        """Return the vector of each text from its rows of the table; zeros for a text without any."""
        from mt2st.estimators.fitting.probe import scaled
        from mt2st.models.columns.vectors import mean_vectors

        rows = rows.where(self.row_weights[rows.ids] > 0)  # words added by `partial_fit` have rows of weight 0
        found = scaled(mean_vectors(rows, self.table, self.row_weights), self.mean, self.scale)
        found[rows.lengths == 0] = 0
        return found


@dataclass(frozen=True)
class Fitted:
    """A finished model and how it was fitted.

    Attributes
    ----------
    model
        The model that scores texts.
    helpers
        The auxiliaries' own heads, None without auxiliaries.
    vectors
        Document vectors, None if none were learned.
    head
        The head fitted by the convex end.
    records
        Scores and seconds of the multi-task phase.
    seconds
        Seconds by part: columns, multi-task, convex.
    elsewhere
        Which columns would also exist without the labelled texts; empty if the model was loaded from a folder.
    """

    model: LinearText
    helpers: Helpers | None
    vectors: Vectors | None
    head: Head
    records: list[dict[str, Any]]
    seconds: dict[str, float]
    elsewhere: Sequence[NDArray[np.bool_]] = ()
