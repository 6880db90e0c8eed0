"""Accuracy against seconds: a panel for each set and number of labels, a point for each contender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mt2st.experiments.few_labels.contenders import CONTENDERS, OURS
from mt2st.experiments.few_labels.tables import Found, by_setting
from mt2st.experiments.outcomes import Outcome
from mt2st.report.drawing import FONT_SIZE, MUTED, add_axes, few_ticks, new_figure, plotting, render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, distinguishable with most kinds of colour blindness, and shapes.
COLOURS = ("#0072B2", "#2F94D4", "#56B4E9", "#D55E00", "#009E73", "#D0B000", "#CC79A7")
SHAPES = ("o", "p", "s", "^", "D", "v", "P")
COLUMNS, WIDTH, HEIGHT, LEGEND = 4, 230, 200, 34
SIZE = 7.0


def draw_chart(found: Found) -> bytes:
    """Return an SVG; bars are 95% intervals, seconds are on a logarithmic axis."""
    settings = by_setting(found)
    lines = -(-len(settings) // COLUMNS)
    width, height = WIDTH * COLUMNS, HEIGHT * lines + LEGEND
    with plotting():
        figure = new_figure(width, height)
        for number, (setting, own) in enumerate(settings.items()):
            line, column = divmod(number, COLUMNS)
            left, top = WIDTH * column, LEGEND + HEIGHT * line
            margins = (left + 46, top + 28, width - left - WIDTH + 10, height - top - HEIGHT + 44)
            _panel(add_axes(figure, *margins), setting, own)
        style = {"frameon": False, "labelcolor": MUTED, "columnspacing": 1.2, "handletextpad": 0.3}
        figure.legend(handles=_handles(), loc="upper center", ncols=len(CONTENDERS), **style)
        return render(figure, "svg")


def _panel(axes: Axes, setting: str, own: Mapping[str, Outcome]) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_xscale("log")
    for name, colour, shape in zip(CONTENDERS, COLOURS, SHAPES, strict=True):
        if name in own:
            interval = own[name].interval()
            half = 0.0 if interval.high is None else interval.high - interval.mean
            axes.errorbar(own[name].seconds, interval.mean, half, color=colour, marker=shape, markersize=SIZE)
    ours = [(own[name].seconds, own[name].interval().mean) for name in OURS if name in own]
    axes.plot(*zip(*ours, strict=True), color=COLOURS[0], linewidth=0.8, zorder=0)
    axes.set_title(setting, fontsize=FONT_SIZE, color=MUTED, loc="left")
    axes.set_xlabel("seconds", fontsize=FONT_SIZE)
    axes.margins(0.15)
    axes.xaxis.set_major_locator(LogLocator(numticks=4))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    few_ticks(axes, "y", 4)


def _handles() -> list[object]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=colour, marker=shape, markersize=SIZE, linestyle="none", label=name)
        for name, colour, shape in zip(CONTENDERS, COLOURS, SHAPES, strict=True)
    ]
