"""The plots of the page: scores of the primary, loss and weight of each task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.report.drawing import (
    AUXILIARY,
    FONT_SIZE,
    INK,
    MUTED,
    PAPER,
    PRIMARY,
    add_axes,
    few_ticks,
    name_above,
    new_figure,
)
from mt2st.report.placing import spread
from mt2st.report.record import RunRecord, Series, section
from mt2st.report.summary import best_score
from mt2st.report.wording import measure, number, score

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES = ("-", (0, (4, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
_BESIDE = 500  # minimum width to write the names of curves beside their ends
_LEAST_GAP = 15.0  # pixels between two lines of text
_PATCH = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"}  # keeps lines out of text
_FEW = 40  # maximum number of points of a curve to mark each


def score_measures(run: RunRecord) -> list[str]:
    """Return the names of the scores that were recorded, in order of first record."""
    return list(dict.fromkeys(name for record in run.intervals for name in section(record, "score")))


def score_figure(run: RunRecord, width: int, height: int) -> Figure:
    """Draw every score on the primary's development part against steps, the best step marked."""
    figure = new_figure(width, height)
    wide = width > _BESIDE
    axes = add_axes(figure, left=42, top=36, right=122 if wide else 14, bottom=42)
    curves = {name: run.series("score", name) for name in score_measures(run)}
    for index, (name, curve) in enumerate(curves.items()):
        _curve(axes, curve, PRIMARY if index == 0 else MUTED, _STYLES[index % len(_STYLES)], measure(name))
    _steps(axes, run, ticks=8 if wide else 4)
    few_ticks(axes, "y", 5)
    name_above(axes, "score")
    _events(axes, run)
    _mark_best(axes, run)
    if wide:
        _name_ends(axes, curves)
    elif axes.lines:
        axes.legend(frameon=False, labelcolor=MUTED, handlelength=2.4)
    return figure


def task_figure(run: RunRecord, task: str, width: int, height: int, most: float) -> Figure:
    """Draw a task's loss and, on a strip below it, its weight; ``most`` is the largest weight of any task."""
    figure = new_figure(width, height)
    colour = PRIMARY if task == run.result.get("primary") else AUXILIARY
    loss = add_axes(figure, left=46, top=30, right=12, bottom=124)
    strip = add_axes(figure, left=46, top=height - 90, right=12, bottom=44)
    _curve(loss, run.series("tasks", task, "loss"), colour)
    _weight(strip, run.series("tasks", task, "weight"), colour, most)
    for axes, name in ((loss, "loss"), (strip, "weight")):
        _steps(axes, run, ticks=4)
        name_above(axes, name)
        _events(axes, run, numbered=axes is loss)
    few_ticks(loss, "y", 4)
    loss.tick_params(axis="x", labelbottom=False, length=0)
    loss.set_xlabel("")
    return figure


def greatest_weight(run: RunRecord) -> float:
    """Return the greatest weight that any task had, 1 if none was above 0."""
    weights = [run.series("tasks", task, "weight").values for task in run.tasks]
    known = np.concatenate([np.zeros(0), *weights])
    known = known[np.isfinite(known)]
    return float(known.max()) if len(known) and known.max() > 0 else 1.0


def _curve(axes: Axes, curve: Series, colour: str, style: Any = "-", label: str = "") -> None:
    known = np.isfinite(curve.values)
    if not known.any():
        axes.yaxis.set_visible(False)
        axes.text(
            0.5, 0.5, "no value recorded", transform=axes.transAxes, ha="center", va="center", color=MUTED, bbox=_PATCH
        )
        return
    axes.plot(curve.steps, curve.values, color=colour, linewidth=1.8, linestyle=style, label=label)
    # A value between two gaps is not on any line.
    beside = np.concatenate([[False], known, [False]])
    marked = known & ((known.sum() <= _FEW) | ~(beside[:-2] | beside[2:]))
    axes.plot(curve.steps[marked], curve.values[marked], "o", color=colour, markersize=3, markeredgewidth=0)


def _weight(axes: Axes, curve: Series, colour: str, most: float) -> None:
    steps, values = np.concatenate([[0.0], curve.steps]), np.concatenate([curve.values[:1], curve.values])
    if len(curve.values):
        axes.fill_between(steps, values, step="pre", color=colour, alpha=0.25, linewidth=0)
        axes.plot(steps, values, color=colour, linewidth=1.5, drawstyle="steps-pre")
    axes.set_ylim(0, 1.08 * most)
    axes.set_yticks([0, most], ["0", f"{most:.3g}"])


def _steps(axes: Axes, run: RunRecord, ticks: int) -> None:
    axes.set_xlim(0, run.last_step)
    few_ticks(axes, "x", ticks, integer=True)
    axes.set_xlabel("step", loc="right", labelpad=2)


def _events(axes: Axes, run: RunRecord, *, numbered: bool = True) -> None:
    width = axes.bbox.width
    last = -np.inf
    for index, event in enumerate(run.events, 1):
        step = number(event.get("step"))
        if np.isnan(step):
            continue
        axes.axvline(step, color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1.5)
        place = step / run.last_step * width
        # Numbers that would overlap the one before are only in the list beside the plot.
        if numbered and place - last >= _LEAST_GAP:
            last = place
            axes.annotate(
                str(index), (step, 1), (0, 6), xycoords=("data", "axes fraction"), textcoords="offset points",
                ha="center", color=INK, fontsize=FONT_SIZE - 1,
                bbox=_PATCH,
            )  # fmt: skip


def _mark_best(axes: Axes, run: RunRecord) -> None:
    step, value = number(section(run.result, "best").get("step")), number(best_score(run.result)[1])
    if not np.isnan(step + value):
        axes.plot(
            [step], [value], "o", color=PRIMARY, markersize=8, markeredgecolor=PAPER, markeredgewidth=1.5, zorder=4
        )


def _name_ends(axes: Axes, curves: dict[str, Series]) -> None:
    """Write each curve's name and last value to the right of its end, without overlap."""
    ends = {name: curve.values[np.isfinite(curve.values)][-1:] for name, curve in curves.items()}
    named = [(name, float(end[0])) for name, end in ends.items() if len(end)]
    for index, ((name, value), place) in enumerate(zip(named, _apart(axes, [end for _, end in named]), strict=True)):
        axes.annotate(
            f"{measure(name)} {score(value)}", (1, place), (8, 0), xycoords="axes fraction",
            textcoords="offset points", va="center", color=PRIMARY if index == 0 else MUTED, annotation_clip=False,
        )  # fmt: skip


def _apart(axes: Axes, values: Sequence[float]) -> list[float]:
    """Return heights of lines of text beside ``values``, as shares of the axes' height."""
    scale = axes.transData + axes.transAxes.inverted()
    heights = [float(scale.transform((0, value))[1]) for value in values]
    return spread(heights, _LEAST_GAP / float(axes.bbox.height), 0, 1)
