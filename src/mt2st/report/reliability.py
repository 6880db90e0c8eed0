"""The reliability diagram: accuracy of the predicted label against its predicted probability."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mt2st.report.drawing import LINE, MUTED, PAPER, PRIMARY, add_axes, few_ticks, name_above, new_figure, plotting
from mt2st.report.record import Json
from mt2st.report.svg import Chart, chart_of
from mt2st.report.wording import number, percent, score

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (360, 320)


def reliability_chart(calibration: Json) -> Chart | None:
    """Return the diagram of `mt2st.evaluation.CalibrationReport.as_dict`; None if there are no bins."""
    if not calibration.get("bins"):
        return None
    title = f"Reliability diagram. Expected calibration error {score(calibration.get('ece'))}. " + " ".join(
        f"Probability {each['confidence']:.2f}, accuracy {each['accuracy']:.2f} of {each['examples']}."
        for each in calibration["bins"]
    )
    with plotting():
        return chart_of(reliability_figure(calibration, *SIZE), "reliability", title)


def reliability_figure(calibration: Json, width: int, height: int) -> Figure:
    """Draw a dot for each bin; if calibrated, 95% of them are within the grey bars around the diagonal."""
    figure = new_figure(width, height)
    axes = add_axes(figure, left=42, top=34, right=16, bottom=42)
    bins = [[number(each[key]) for key in ("confidence", "accuracy", "examples")] for each in calibration["bins"]]
    low = max(min(0.9, *(min(each[:2]) for each in bins)) - 0.08, 0.0)
    axes.plot([low, 1], [low, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    for confidence, _, examples in bins:
        half = 1.96 * math.sqrt(confidence * (1 - confidence) / examples)
        ends = [max(low, confidence - half), min(1, confidence + half)]
        axes.plot([confidence, confidence], ends, color=LINE, linewidth=7, solid_capstyle="butt")
    said, right = ([each[at] for each in bins] for at in (0, 1))
    axes.plot(said, right, color=PRIMARY, linewidth=1.2)
    axes.plot(said, right, "o", color=PRIMARY, markersize=7, markeredgecolor=PAPER, markeredgewidth=1.2)
    _frame(axes, low)
    return figure


def _frame(axes: Axes, low: float) -> None:
    axes.set_xlim(low, 1.02)
    axes.set_ylim(low, 1.02)
    few_ticks(axes, "x", 5)
    few_ticks(axes, "y", 5)
    axes.set_xlabel("predicted probability", loc="right", labelpad=2)
    name_above(axes, "accuracy")


def calibration_sentence(calibration: Json) -> str:
    """Return a sentence on the difference of mean probability and accuracy."""
    bins = calibration.get("bins") or []
    total = sum(each["examples"] for each in bins)
    if not total:
        return ""
    said, right = (sum(each[key] * each["examples"] for each in bins) / total for key in ("confidence", "accuracy"))
    word = "overconfident" if said > right else "underconfident"
    return f"Mean probability {percent(said)}, accuracy {percent(right)}: {word} by {score(abs(said - right))}."
