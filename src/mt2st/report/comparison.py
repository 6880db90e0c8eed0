"""The plot of a comparison: each strategy's test score against its seconds of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.report.drawing import FONT_SIZE, MUTED, PAPER, add_axes, few_ticks, name_above, new_figure, plotting, render
from mt2st.report.placing import Box, place_labels
from mt2st.report.wording import number, score, short
from mt2st.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Distinguishable with any colour vision in this order, each dark enough for text on white.
_COLOURS = ("#1f5fbf", "#b4520b", "#1d7a50", "#8a3fb0", "#b3213c", "#0b7285", "#7a5c00", "#59636f")
_MARKERS = "osD^vPX*"
_LOG_FROM = 20.0  # ratio of seconds above which the axis is logarithmic
_WIDTH, _HEIGHT = 760, 470


@dataclass(frozen=True, slots=True)
class _Point:
    """A strategy to draw; ``curve`` has shape (n, 2): seconds and development score."""

    name: str
    mean: float
    low: float
    high: float
    seconds: float
    reached: float
    curve: NDArray[np.float64]
    colour: str
    marker: str


def plot_comparison(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Plot test score against seconds of training, one point per strategy, and write it to ``path``.

    Parameters
    ----------
    rows
        One mapping per strategy: ``strategy``, ``test`` (``mean``, ``low``, ``high``; the bounds may be None),
        ``seconds``, ``seconds_to_single_best`` (or None), ``curve`` (pairs of seconds and development score).
        The axis of seconds is logarithmic if they span more than a factor of 20.
    path
        The file to write, in the format of its suffix: ``.svg`` or ``.png``.

    Raises
    ------
    DataError
        If the suffix is a different one, or no row has a finite test score and seconds.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("svg", "png"):
        raise DataError(f"the plot's file must end in .svg or .png, found {path.suffix!r}", path=path)
    with plotting():
        return write_whole(path, render(comparison_figure(rows), kind))


def comparison_figure(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Return the figure of `plot_comparison`, to be called within `plotting`."""
    points = [point for index, row in enumerate(rows) if (point := _point(row, index)) is not None]
    if not points:
        raise DataError(f"no strategy of {len(rows)} has a finite test score and seconds: there is nothing to plot")
    figure = new_figure(_WIDTH, _HEIGHT)
    figure.set_facecolor("white")
    axes = add_axes(figure, left=58, top=40, right=24, bottom=78)
    _scale(axes, points)
    for point in points:
        _draw(axes, point)
    _name(axes, points)
    _explain(figure, axes, points)
    return figure


def _point(row: Mapping[str, Any], index: int) -> _Point | None:
    test = row.get("test") or {}
    mean, low, high = (number(test.get(name)) for name in ("mean", "low", "high"))
    seconds, reached = number(row.get("seconds")), number(row.get("seconds_to_single_best"))
    if not (np.isfinite(mean) and seconds > 0):
        return None
    pairs = [(number(at), number(value)) for at, value in row.get("curve") or ()]
    curve = np.array(pairs, float).reshape(-1, 2)
    known, colour, marker = curve[np.isfinite(curve).all(1)], _COLOURS[index % 8], _MARKERS[index % 8]
    return _Point(str(row.get("strategy", "")), mean, low, high, seconds, reached, known, colour, marker)


def _scale(axes: Axes, points: Sequence[_Point]) -> None:
    seconds = [point.seconds for point in points]
    if max(seconds) > _LOG_FROM * min(seconds):
        from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

        axes.set_xscale("log")
        axes.set_xlim(min(seconds) / 4, max(seconds) * 1.6)
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=20))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_xlim(0, max(seconds) * 1.12)
        few_ticks(axes, "x", 8)
    low = float(np.nanmin([(point.mean, point.low) for point in points]))
    tops = [max([point.mean, *point.curve[:, 1]]) for point in points]
    high = float(np.nanmax([*tops, *(point.high for point in points)]))
    # Cut off the early part of the curves, far below the strategies' final scores.
    room = max(high - low, 0.02)
    axes.set_ylim(low - 0.7 * room, high + 0.15 * room)
    few_ticks(axes, "y", 6)


def _draw(axes: Axes, point: _Point) -> None:
    axes.plot(point.curve[:, 0], point.curve[:, 1], color=point.colour, linewidth=1.1, alpha=0.55, zorder=2)
    if len(point.curve) and np.isfinite(point.reached):
        at = np.interp(point.reached, point.curve[:, 0], point.curve[:, 1])
        axes.plot([point.reached], [at], "o", color=point.colour, markerfacecolor=PAPER, markersize=6, zorder=3)
    if np.isfinite(point.low) and np.isfinite(point.high):
        middle, half = (point.low + point.high) / 2, abs(point.high - point.low) / 2
        axes.errorbar(point.seconds, middle, half, color=point.colour, capsize=4, linewidth=1.6, zorder=4)
    axes.plot(
        [point.seconds], [point.mean], point.marker, color=point.colour, markersize=9, markeredgecolor=PAPER, zorder=5
    )


def _name(axes: Axes, points: Sequence[_Point]) -> None:
    """Write each name and mean beside its point, with as little overlap as possible."""
    at = [_pixels(axes, point.seconds, point.mean) for point in points]
    texts = [axes.text(0, 0, f"{p.name} {score(p.mean)}", color=p.colour, fontweight="bold", zorder=6) for p in points]
    sizes = [_size(text) for text in texts]
    taken = [box for point in points for box in _taken(axes, point)]
    left, bottom, right, top = (float(edge) for edge in axes.bbox.extents)
    corners = place_labels(at, sizes, taken, _samples(axes, points), (left, bottom, right, top))
    # In fractions of the figure, so that positions are the same at any resolution.
    shares = axes.figure.transSubfigure
    for text, corner, size, centre in zip(texts, corners, sizes, at, strict=True):
        x, y = shares.inverted().transform((corner[0] + 2, corner[1] + 3))
        text.set_position((float(x), float(y)))
        text.set_transform(shares)
        _lead(axes, centre, (*corner, corner[0] + size[0], corner[1] + size[1]), str(text.get_color()))


def _lead(axes: Axes, centre: tuple[float, float], box: Box, colour: str) -> None:
    """Draw a line from a point to its label if that is not close."""
    nearest = np.clip(centre, box[:2], box[2:])
    if np.hypot(*(nearest - np.array(centre))) > 14:
        ends = axes.transData.inverted().transform(np.array([centre, nearest]))
        axes.plot(ends[:, 0], ends[:, 1], color=colour, linewidth=0.8, zorder=3.5)


def _size(text: Text) -> tuple[float, float]:
    box = text.get_window_extent()
    return box.width + 4, box.height + 2


def _pixels(axes: Axes, seconds: float, value: float) -> tuple[float, float]:
    x, y = axes.transData.transform((seconds, value))
    return float(x), float(y)


def _taken(axes: Axes, point: _Point) -> list[Box]:
    """Return the boxes, in pixels, of a point's mark and of its interval."""
    x, y = _pixels(axes, point.seconds, point.mean)
    bounds = [bound if np.isfinite(bound) else point.mean for bound in (point.low, point.high)]
    low, high = (_pixels(axes, point.seconds, bound)[1] for bound in bounds)
    return [(x - 6, y - 6, x + 6, y + 6), (x - 4, low - 1, x + 4, high + 1)]


def _samples(axes: Axes, points: Sequence[_Point]) -> NDArray[np.float64]:
    """Return points every few pixels on all curves."""
    parts = [np.zeros((0, 2))]
    for point in points:
        known = point.curve[point.curve[:, 0] > 0]
        if len(known):
            line = axes.transData.transform(known)
            x = np.arange(line[0, 0], line[-1, 0] + 1, 3.0)
            parts.append(np.column_stack([x, np.interp(x, line[:, 0], line[:, 1])]))
    return np.concatenate(parts)


def _explain(figure: Figure, axes: Axes, points: Sequence[_Point]) -> None:
    log = ", logarithmic" if axes.get_xscale() == "log" else ""
    axes.set_xlabel(f"seconds of training{log}", loc="right")
    name_above(axes, "score")
    marks = "Marks: mean test score with its 95% interval. Thin lines: development score during training."
    ring = "Rings: the single task's best development score is reached." if _rings(points) else ""
    for row, text in enumerate((marks, ring)):
        figure.text(14 / _WIDTH, (26 - 15 * row) / _HEIGHT, text, color=MUTED, fontsize=FONT_SIZE - 0.5)


def _rings(points: Sequence[_Point]) -> bool:
    return any(len(point.curve) and np.isfinite(point.reached) for point in points)
