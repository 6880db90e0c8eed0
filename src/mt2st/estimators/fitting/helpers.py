"""The auxiliaries' own heads on the same columns; their scores of a text are further columns for the primary's head."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.blocks import column_blocks, join_blocks
from mt2st.models.columns import Numbered, TextRows
from mt2st.models.convex import logistic_path
from mt2st.text import Ragged

if TYPE_CHECKING:
    from mt2st.estimators.inputs.targets import Targets
    from mt2st.models.columns.build import Chosen

Doubles = NDArray[np.float64]
# C of the helpers' heads.
COST = 3.0


@dataclass(frozen=True)
class Helpers:
    """Linear heads, one column for each output of each auxiliary.

    Attributes
    ----------
    weights
        (columns of the sparse blocks, outputs), scaled so that scores of the primary's texts have deviation 1.
    mean
        Mean scores of the primary's texts, (outputs,), which are subtracted.
    """

    weights: Doubles
    mean: Doubles

    def __len__(self) -> int:
        return len(self.mean)

    def scores(self, blocks: list[Any]) -> Doubles:
        """Return the heads' scores of some texts, (texts, outputs)."""
        ends = np.cumsum([block.shape[1] for block in blocks])[:-1]
        parts = zip(blocks, np.split(self.weights, ends), strict=True)
        return np.asarray(sum(block @ own for block, own in parts) - self.mean)

    def fold(self, own: Doubles, words: Doubles, ngrams: Doubles, bias: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        """Fold the helpers, which have the weights ``own`` in a head, into its other weights, as all are linear."""
        said = self.weights @ own
        return words + said[: len(words)], ngrams + said[len(words) :], bias - self.mean @ own


def fit_helpers(chosen: Chosen, labelled: Sequence[tuple[TextRows, Targets]], workers: int) -> Helpers | None:
    """Fit a head to the texts and labels of each auxiliary; None if there are no auxiliaries."""
    if not labelled:
        return None
    found = list[Doubles]()
    with ThreadPoolExecutor(workers) as pool:
        for texts, targets in labelled:
            blocks = column_blocks(texts)
            rows = join_blocks(blocks, [1.0] * len(blocks))
            sample_weight, every = np.ones_like(targets.signs), np.arange(len(rows))
            *_, solution = logistic_path(rows, targets.signs, sample_weight, [COST], every, pool)
            found.append(solution.weights[:-1])
    raw = Helpers(np.hstack(found), np.zeros(sum(own.shape[1] for own in found)))
    said = raw.scores(column_blocks(chosen.labelled))
    spread = said.std(0)
    scale = 1 / np.where(spread > 0, spread, 1)
    return Helpers(raw.weights * scale, said.mean(0) * scale)


def texts_in_turn(texts: TextRows, counts: Sequence[int]) -> list[TextRows]:
    """Split the first texts into parts of the given sizes."""
    ends = pairwise(np.cumsum([0, *counts]).tolist())
    return [TextRows(texts.columns, part_of(texts.texts, start, stop)) for start, stop in ends]


def part_of(texts: Numbered, start: int, stop: int) -> Numbered:
    """Return the texts ``start`` to ``stop``.

    Examples
    --------
    >>> texts = Numbered(Ragged.from_lists([[0, -1], [-1], [2]]), ["x", "y"])
    >>> part_of(texts, 1, 3).unknown, part_of(texts, 1, 3).ids.ids
    (['y'], array([-1,  2], dtype=int32))
    """
    offsets = texts.ids.offsets[start : stop + 1]
    ids = texts.ids.ids[offsets[0] : offsets[-1]]
    before = int((texts.ids.ids[: offsets[0]] < 0).sum())
    return Numbered(Ragged(ids, offsets - offsets[0]), texts.unknown[before : before + int((ids < 0).sum())])
