"""The paper's figures, spot by spot as its logs have them."""

import pytest

from mt2st.experiments.paper.cells import PaperCell, all_cells
from mt2st.experiments.paper.published import published


@pytest.mark.parametrize(
    ("cell", "accuracy", "weighted", "logs"),
    [
        # training_mt.log, the second embedding.
        (PaperCell("skipgram", "offset", "multi-task"), 0.64, (0.64, 0.64, 0.63), 1),
        (PaperCell("skipgram", "similarity", "multi-task"), 0.54, (0.62, 0.54, 0.49), 1),
        # Two logs each: 0.68 and 0.77.
        (PaperCell("glove", "similarity", "switch"), 0.725, (0.725, 0.725, 0.725), 2),
    ],
)
def test_figures(cell, accuracy, weighted, logs):
    found = published(cell)
    assert (found.accuracy, found.weighted, found.logs) == (accuracy, weighted, logs)


def test_what_the_paper_has_not_is_none():
    without = [cell for cell in all_cells() if published(cell) is None]
    assert all(
        cell.strategy in ("feedback", "single") or cell.row in ("all four", "language", "all") for cell in without
    )
    have = {cell.embedding for cell in all_cells() if cell.row == "frozen" and published(cell)}
    assert have == {"cbow", "skipgram", "glove"}
