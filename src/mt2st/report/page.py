"""``report.html``: a self-contained page about a run, with style and plots included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mt2st.evaluation.mistakes import Confusion
from mt2st.report.charts import greatest_weight, score_figure, score_measures, task_figure
from mt2st.report.drawing import plotting
from mt2st.report.matrix import matrix_content
from mt2st.report.mistakes import mistakes_content
from mt2st.report.record import Json, RunRecord, Series, read_run, section
from mt2st.report.reliability import calibration_sentence, reliability_chart
from mt2st.report.summary import (
    baseline_rows,
    data_rows,
    environment_rows,
    guess_note,
    headline,
    measure_rows,
    not_finite,
    spared,
    work_rows,
)
from mt2st.report.svg import Chart, chart_of
from mt2st.report.template import render_page
from mt2st.report.timeline import events_of, phases_of
from mt2st.report.wording import count, measure, moment, short
from mt2st.whole_file import write_whole

_WIDE, _NARROW, _SMALL = (800, 320), (350, 280), (336, 290)


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a run directory and return its path.

    Parameters
    ----------
    folder
        A directory with ``result.json`` and, if they exist, ``metrics.jsonl`` and ``config.toml``. The page is written
        under a temporary name and renamed, and its bytes depend only on these files.

    Raises
    ------
    DataError
        If ``result.json`` is missing, or a file is damaged.
    """
    return write_whole(folder / "report.html", report_page(read_run(folder)).encode("utf-8"))


def report_page(run: RunRecord) -> str:
    """Return the page of a run as HTML."""
    return render_page("report.html", **_content(run))


def _content(run: RunRecord) -> dict[str, Any]:
    result, test = run.result, section(run.result, "test")
    with plotting():
        charts = {"score_charts": _score_charts(run), "task_charts": _task_charts(run)}
    return {
        "run": run, "facts": headline(result), "guess": guess_note(test), "date": _date(result),
        "phases": phases_of(run), "events": events_of(run), "work": work_rows(run), "spared": spared(result),
        "warnings": not_finite(result), "baselines": baseline_rows(result),
        "measures": measure_rows(result) if _evaluated(result) else [],
        "examples": {part: count(section(result, part).get("examples")) for part in ("test", "development")},
        "data": data_rows(result), "environment": environment_rows(result), **charts, **matrix_content(test),
        **_mistakes(run),
    }  # fmt: skip


def _mistakes(run: RunRecord) -> dict[str, Any]:
    calibration = section(run.mistakes, "calibration")
    found = mistakes_content([Confusion.of_dict(each) for each in run.mistakes.get("confusions") or ()])
    return {**found, "reliability": reliability_chart(calibration), "sure": calibration_sentence(calibration)}


def _evaluated(result: Json) -> bool:
    return bool(section(result, "test") or section(result, "development"))


def _date(result: Json) -> str:
    date = section(result, "environment").get("date")
    return moment(date) if date else ""


def _score_charts(run: RunRecord) -> list[Chart]:
    """Draw the scores twice, for wide and narrow screens, so that text in a plot does not shrink."""
    curves = {name: run.series("score", name) for name in score_measures(run)}
    if not curves:
        return []
    title = "Scores on the development part. " + " ".join(_told(measure(name), curve) for name, curve in curves.items())
    sizes = {"score-wide": _WIDE, "score-narrow": _NARROW}
    return [chart_of(score_figure(run, *size), name, title) for name, size in sizes.items()]


def _task_charts(run: RunRecord) -> list[tuple[str, Chart]]:
    most, charts = greatest_weight(run), []
    for index, task in enumerate(run.tasks if run.intervals else (), 1):
        loss, weight = run.series("tasks", task, "loss"), run.series("tasks", task, "weight")
        title = f"Loss and weight of {task}. {_told('loss', loss)} {_told('weight', weight)}"
        charts.append((task, chart_of(task_figure(run, task, *_SMALL, most), f"task-{index}", title)))
    return charts


def _told(name: str, curve: Series) -> str:
    """Describe a curve in a sentence, for screen readers."""
    known = curve.values == curve.values
    steps, values = curve.steps[known], curve.values[known]
    if not len(values):
        return f"{name}: no value."
    ends = [f"{short(float(f'{values[at]:.3g}'))} at step {steps[at]:.0f}" for at in (0, -1)]
    return f"{name}: from {ends[0]} to {ends[1]}, least {values.min():.3g}, greatest {values.max():.3g}."
