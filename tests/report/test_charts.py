import re

import numpy as np
import pytest

from mt2st.report.charts import greatest_weight, score_figure, task_figure
from mt2st.report.drawing import plotting, render
from mt2st.report.record import RunRecord
from mt2st.report.svg import chart_of


@pytest.fixture
def run(result, records):
    return RunRecord(
        "", result, tuple(r for r in records if "event" not in r), tuple(r for r in records if "event" in r)
    )


@pytest.fixture(autouse=True)
def settings():
    with plotting():
        yield


def drawn(axes):
    return [np.asarray(line.get_xydata(), float) for line in axes.lines]


def test_the_losses_recorded_are_the_losses_drawn(run):
    loss, strip = task_figure(run, "products", 336, 290, 1.0).axes
    np.testing.assert_allclose(drawn(loss)[0][:, 1], run.series("tasks", "products", "loss").values)
    np.testing.assert_allclose(drawn(loss)[0][:, 0], np.arange(20, 201, 20))
    np.testing.assert_allclose(drawn(strip)[0][:, 1], np.ones(11))


def test_the_weight_of_an_auxiliary_falls_where_it_is_switched_off(run):
    _, strip = task_figure(run, "language", 336, 290, 2.0).axes
    np.testing.assert_allclose(drawn(strip)[0], [[0, 1], [20, 1], [40, 1], *([s, 0] for s in range(60, 201, 20))])
    assert strip.get_ylim()[1] > 2


def test_the_scores_are_drawn_with_the_best_step_and_the_event(run):
    (axes,) = score_figure(run, 800, 320).axes
    lines = drawn(axes)
    for name in ("accuracy", "macro_f1"):
        assert any(np.array_equal(line[:, 1], run.series("score", name).values) for line in lines)
    assert any(line.tolist() == [[160, 0.64]] for line in lines)
    assert any(line.tolist() == [[40, 0], [40, 1]] for line in lines)


@pytest.mark.parametrize("size", [(800, 320), (350, 280)])
def test_each_score_is_named_in_the_plot(run, size):
    text = render(score_figure(run, *size), "svg").decode()
    assert "accuracy" in text
    assert "macro F1" in text


def test_a_value_between_two_gaps_is_a_dot(run):
    records = [{"step": step, "tasks": {"products": {"loss": 1.0 if step % 2 else None}}} for step in range(100)]
    loss, _ = task_figure(RunRecord("", run.result, tuple(records)), "products", 336, 290, 1.0).axes
    assert len(drawn(loss)[1]) == 50


def test_a_task_without_values_says_so(run):
    loss, _ = task_figure(run, "unheard of", 336, 290, 1.0).axes
    assert [text.get_text() for text in loss.texts][:1] == ["no value recorded"]


def test_events_close_together_are_all_drawn_but_not_all_numbered(run):
    events = tuple({"step": step, "event": "probe"} for step in (50, 51, 52, 120, None))
    loss, _ = task_figure(RunRecord("", run.result, run.intervals, events), "products", 336, 290, 1.0).axes
    assert {text.get_text() for text in loss.texts} == {"loss", "1", "4"}
    assert sum(line[0, 0] == line[-1, 0] for line in drawn(loss) if len(line) == 2) == 4


def test_the_greatest_weight_sets_the_scale(run):
    assert greatest_weight(run) == 1.0
    run.intervals[0]["tasks"]["language"]["weight"] = 2.5
    assert greatest_weight(run) == 2.5
    assert greatest_weight(RunRecord("", {})) == 1.0


def test_a_chart_takes_its_colours_from_the_page(run):
    chart = chart_of(task_figure(run, "products", 336, 290, 1.0), "task-1", "title")
    assert "var(--primary)" in chart.body
    assert "var(--auxiliary)" not in chart.body
    assert not re.search(r"#[0-9a-f]{6}\b|font-family|xlink|<style|http", chart.body)
    assert (chart.width, chart.height) == (336, 290)
    assert set(re.findall(r'id="([^"]*)"', chart.body)) == set(re.findall(r'id="(task-1-[^"]*)"', chart.body))
