"""How well the shared table would serve the primary, were training to end now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.convex_end import holds_out_once
from mt2st.estimators.fitting.side_by_side import SideBySide
from mt2st.estimators.inputs.signs import class_signs
from mt2st.evaluation import ClassificationReport, evaluate_classification
from mt2st.models.columns.vectors import mean_vectors
from mt2st.models.convex import cross_validate
from mt2st.tasks import LabelledRows

# Labelled examples that a probe looks at, and the strengths it tries.
MOST, COSTS = 1000, (1.0, 10.0)


def scaled(vectors: NDArray[np.float32], mean: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors moved to ``mean`` 0 and each dimension multiplied by ``scale``."""
    return np.asarray((vectors - mean) * scale, np.float32)


def scales(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return vectors' mean, and the scale at which dimensions vary alike and vectors have length 1 on the mean."""
    mean, spread = vectors.mean(0), vectors.std(0)
    inverse = np.where(spread > 0, 1 / np.where(spread > 0, spread, 1), 0)
    length = np.linalg.norm((vectors - mean) * inverse, axis=1).mean()
    return np.asarray(mean, np.float32), np.asarray(inverse / (length if length > 0 else 1), np.float32)


@dataclass(frozen=True)
class Probe:
    """Cross-validated logistic regression on documents' means, with strengths out of two; of many classes, one fold.

    Attributes
    ----------
    data
        Some of the primary's labelled examples.
    row_weights
        What each row counts in a mean.
    seed
        Of the folds.
    """

    data: LabelledRows
    row_weights: NDArray[np.float32]
    seed: int

    @classmethod
    def of(cls, data: LabelledRows, row_weights: NDArray[np.float32], seed: int) -> Probe:
        """Take at most a thousand of the examples."""
        places = np.sort(np.random.default_rng(seed).permutation(len(data))[:MOST])
        return cls(LabelledRows(data.rows.select(places), data.labels[places], data.classes), row_weights, seed)

    def judge(self, table: NDArray[np.float32]) -> ClassificationReport:
        """Return how well examples are told that the regression was not fitted to."""
        vectors = mean_vectors(self.data.rows, table, self.row_weights)
        signs = class_signs(self.data.labels, len(self.data.classes))
        rows = SideBySide.of([scaled(vectors, *scales(vectors))], vectors=True).rows(1.0)
        once = holds_out_once(*signs.shape)
        judged = cross_validate(rows, signs, np.ones_like(signs), costs=COSTS, seed=self.seed, once=once)
        found, truth = judged.scores[judged.rows], self.data.labels[judged.rows].astype(np.int64)
        best = found.argmax(1) if found.shape[1] > 1 else (found[:, 0] > 0).astype(np.int64)
        return evaluate_classification(truth, best, self.data.classes)
