"""One panel for the first page: mean accuracy against mean seconds, a point per contender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from mt2st.evaluation import Interval, mean_interval
from mt2st.experiments.few_labels.chart import COLOURS, SHAPES
from mt2st.experiments.few_labels.contenders import CONTENDERS, OURS
from mt2st.experiments.few_labels.sets import SETS
from mt2st.experiments.few_labels.tables import Found
from mt2st.experiments.outcomes import Outcome
from mt2st.report.drawing import FONT_SIZE, INK, PAPER, add_axes, few_ticks, name_above, new_figure, plotting, render
from mt2st.report.placing import place_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 720, 330
SIZE = 9.0


def common(found: Found, labels: int) -> tuple[list[str], dict[str, list[Outcome]]]:
    """Return sets, and by contender the outcome of each set, so that all means are over the same sets.

    Contenders not finished on half of the sets are skipped, then every set that one of the others lacks.

    Parameters
    ----------
    found
        Finished cells.
    labels
        Number of labels of the cells.
    """
    own = {(cell.set, cell.contender): outcome for cell, outcome in found.items() if cell.labels == labels}
    begun = [name for name in SETS if any(each == name for each, _ in own)]
    names = [name for name in CONTENDERS if 2 * sum((each, name) in own for each in begun) >= len(begun) > 0]
    sets = [each for each in begun if all((each, name) in own for name in names)]
    return sets, {name: [own[each, name] for each in sets] for name in names if sets}


def accuracy(outcomes: Sequence[Outcome]) -> Interval:
    """Return the mean over sets, with the interval over splits of each split's mean over sets."""
    return mean_interval([fmean(values) for values in zip(*(each.values() for each in outcomes), strict=True)])


def draw_glance(found: Found, labels: int = 250) -> bytes | None:
    """Return an SVG, or None if no set is finished.

    Bars are 95% intervals over splits, of the mean over the sets; seconds, of the processor and with each contender's
    own search, are the mean over the sets, on a logarithmic axis.
    """
    sets, contenders = common(found, labels)
    if not contenders:
        return None
    points = {
        name: (fmean(each.seconds for each in outcomes), accuracy(outcomes)) for name, outcomes in contenders.items()
    }
    with plotting():
        figure = new_figure(WIDTH, HEIGHT)
        figure.set_facecolor(PAPER)  # the page may be dark
        axes = add_axes(figure, left=46, top=46, right=16, bottom=48)
        _name_axes(axes, sets, labels)
        for name, (seconds, mean) in points.items():
            _draw(axes, name, seconds, mean)
        _name_points(axes, {name: (seconds, mean.mean) for name, (seconds, mean) in points.items()})
        return render(figure, "svg")


def _name_axes(axes: Axes, sets: Sequence[str], labels: int) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 3), numticks=12))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel("seconds to tune and train", fontsize=FONT_SIZE)
    axes.margins(0.12)
    few_ticks(axes, "y", 5)
    name_above(axes, f"test accuracy with {labels} labels, mean of {', '.join(sets)}")


def _draw(axes: Axes, name: str, seconds: float, mean: Interval) -> None:
    place = list(CONTENDERS).index(name)
    half = 0.0 if mean.high is None else mean.high - mean.mean
    axes.errorbar(seconds, mean.mean, half, color=COLOURS[place], marker=SHAPES[place], markersize=SIZE)


def _name_points(axes: Axes, points: Mapping[str, tuple[float, float]]) -> None:
    """Write each name beside its point, without overlap."""
    axes.autoscale_view()
    places = [(float(x), float(y)) for x, y in axes.transData.transform(list(points.values()))]
    texts = [axes.text(0, 0, name, color=INK, fontweight="bold" if name in OURS else "normal") for name in points]
    boxes = [text.get_window_extent() for text in texts]
    taken = [(x - SIZE, y - SIZE, x + SIZE, y + SIZE) for x, y in places]
    within = tuple(float(edge) for edge in axes.bbox.extents)
    sizes = [(float(box.width) + 6, float(box.height)) for box in boxes]
    corners = place_labels(places, sizes, taken, np.empty((0, 2)), (within[0], within[1], within[2], within[3]))
    for text, corner in zip(texts, corners, strict=True):
        x, y = axes.transAxes.inverted().transform((corner[0] + 3, corner[1] + 3))
        text.set_position((float(x), float(y)))
        text.set_transform(axes.transAxes)
