"""The tables and curves of the paper's experiment, by hand."""

import pytest

from mt2st.experiments.outcomes import MEASURES, Outcome
from mt2st.experiments.paper import curves
from mt2st.experiments.paper.cells import AUXILIARIES, STRATEGIES, PaperCell
from mt2st.experiments.paper.curves import draw_curves
from mt2st.experiments.paper.tables import all_tables


def outcome(accuracies, seconds):
    curve = [[1.0, 0.5, 0.7, 0.55], [2.0, 1.0, 0.6, 0.65]]
    return Outcome(
        0.002,
        [
            {"test": dict.fromkeys(MEASURES, each), "development": 0.6, "curve": curve, "seconds": seconds}
            for each in accuracies
        ],
    )


@pytest.fixture
def found():
    cells = {PaperCell("glove", row, way): outcome((0.70, 0.74), 6.0) for row in AUXILIARIES for way in STRATEGIES}
    return {PaperCell("glove", "trained"): outcome((0.65, 0.67), 3.0), **cells}


def test_the_summary_says_how_much_more_accurate_and_how_much_dearer(found):
    rows = all_tables(found)[0].rows
    assert rows[0] == ["none", "single", "0.660 ±0.127", "", "3.00", "1.00"]
    # Differences 0.05 and 0.07.
    assert rows[1] == ["offset", "multi-task", "0.720 ±0.254", "+0.060 ±0.127", "6.00", "2.00"]


def test_panels_show_the_loss_and_the_score(found, monkeypatch):
    drawn = {}
    monkeypatch.setattr(curves, "render", lambda figure, kind: drawn.update(axes=figure.axes) or b"")
    draw_curves(found, "switch", ["glove"])
    shown = {axes.get_title(loc="left"): axes.get_lines()[0].get_ydata() for axes in drawn["axes"]}
    assert list(shown["glove: loss"]) == [0.7, 0.6]
    assert list(shown["glove: accuracy"]) == [0.55, 0.65]
