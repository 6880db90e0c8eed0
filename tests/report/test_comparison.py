import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.report import plot_comparison
from mt2st.report.comparison import comparison_figure
from mt2st.report.drawing import plotting


def figure(rows):
    with plotting():
        return comparison_figure(rows)


def test_an_svg_names_every_strategy_with_its_score_once(tmp_path, rows):
    text = plot_comparison(rows, tmp_path / "plot.svg").read_text()
    for row in rows:
        assert text.count(f">{row['strategy']} {row['test']['mean']:.3f}<") == 1
    assert "seconds of training, logarithmic" in text


def test_a_png_is_written_and_bytes_repeat(tmp_path, rows):
    one, two = plot_comparison(rows, tmp_path / "a.png"), plot_comparison(rows, tmp_path / "b.PNG")
    assert one.read_bytes().startswith(b"\x89PNG")
    assert one.read_bytes() == two.read_bytes()
    assert (
        plot_comparison(rows, tmp_path / "a.svg").read_bytes() == plot_comparison(rows, tmp_path / "b.svg").read_bytes()
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg", "b.PNG", "b.svg"]


def test_points_intervals_rings_and_curves_are_where_the_rows_say(rows):
    (axes,) = figure(rows).axes
    lines = [np.asarray(line.get_xydata(), float) for line in axes.lines]
    for row in rows:
        assert any(np.array_equal(line, row["curve"]) for line in lines)
        assert any(line.tolist() == [[row["seconds"], row["test"]["mean"]]] for line in lines)
        assert any(len(line) == 1 and line[0, 0] == row["seconds_to_single_best"] for line in lines)
    ends = sorted(segment[:, 1].tolist() for bar in axes.collections for segment in bar.get_segments())
    np.testing.assert_allclose(ends, sorted([row["test"]["low"], row["test"]["high"]] for row in rows))


@pytest.mark.parametrize(("slowest", "scale"), [(0.3 * 19, "linear"), (0.3 * 21, "log")])
def test_the_axis_is_logarithmic_from_a_twentyfold_spread(rows, slowest, scale):
    rows[1]["seconds"] = slowest
    assert figure(rows).axes[0].get_xscale() == scale


def test_labels_do_not_cover_one_another(rows):
    for row in rows:
        row["seconds"], row["test"]["mean"] = 2.0, 0.74
    drawing = figure(rows)
    boxes = [
        t.get_window_extent() for t in drawing.axes[0].texts if t.get_text().split()[0] in {r["strategy"] for r in rows}
    ]
    assert len(boxes) == 4
    assert not [1 for index, box in enumerate(boxes) for other in boxes[:index] if box.overlaps(other)]


def test_bounds_curves_and_rings_may_be_absent(tmp_path, rows):
    rows[0] |= {"test": {"mean": 0.7, "low": None, "high": None}, "seconds_to_single_best": None, "curve": []}
    rows[1] |= {"curve": [[0.0, float("nan")], [1.0, 0.5]], "strategy": "$a_1$ <b> 名"}
    rows[2] = {"strategy": "bare", "test": {"mean": 0.6}, "seconds": 1.0}
    text = plot_comparison(rows, tmp_path / "plot.svg").read_text()
    assert "$a_1$ &lt;b&gt; 名" in text
    assert "bare" in text


def test_nothing_to_plot_and_other_kinds_of_file_are_refused(tmp_path, rows):
    with pytest.raises(DataError, match=r"\.svg or \.png, found '\.pdf'"):
        plot_comparison(rows, tmp_path / "plot.pdf")
    with pytest.raises(DataError, match="no strategy of 1"):
        plot_comparison([{"strategy": "x", "test": {"mean": None}, "seconds": 1.0}], tmp_path / "plot.svg")
    assert not list(tmp_path.iterdir())
