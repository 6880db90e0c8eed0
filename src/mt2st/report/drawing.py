"""What all plots share: colours by meaning, matplotlib settings, plain axes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mt2st.report.wording import tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, MUTED, LINE, PAPER = "#1b2026", "#59636f", "#d9dee4", "#fefefe"
PRIMARY, AUXILIARY = "#1f5fbf", "#b4520b"
FONT_SIZE = 12.0

_SETTINGS: dict[Any, Any] = {
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib, so text has the same size everywhere
    "font.size": FONT_SIZE,
    "svg.fonttype": "none",
    "svg.hashsalt": "mt2st",
    "text.parse_math": False,  # a name with $ in it is a name
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": FONT_SIZE,
    "ytick.labelsize": FONT_SIZE,
    "lines.solid_capstyle": "round",
    "path.simplify_threshold": 0.5,
}


@contextmanager
def plotting() -> Iterator[None]:
    """Use only our matplotlib settings, and restore the user's afterwards."""
    import matplotlib  # slow to import, and most who import mt2st draw nothing

    with matplotlib.rc_context(), warnings.catch_warnings():
        # The browser has the glyphs missing from the font that we measure with.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure whose unit is a pixel of the page, to draw on within `plotting`."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width / 72, height / 72), dpi=72)


def add_axes(figure: Figure, left: float, top: float, right: float, bottom: float) -> Axes:
    """Add plain axes with the given margins in pixels."""
    width, height = figure.get_size_inches() * 72
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    axes = figure.add_axes(box)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, pad=6)
    axes.tick_params(axis="x", length=4, pad=4)
    return axes


def few_ticks(axes: Axes, which: str, ticks: int, *, integer: bool = False) -> None:
    """Put at most about ``ticks`` ticks with short labels on the axis ``which`` ("x" or "y")."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(ticks, integer=integer, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(round(value, 12), _spacing(axis))))


def _spacing(axis: Axis) -> float:
    places = axis.get_majorticklocs()
    return float(abs(places[1] - places[0])) if len(places) > 1 else 0.0


def name_above(axes: Axes, text: str) -> None:
    """Write the name of the vertical axis above its top end, horizontally."""
    axes.annotate(
        text, (0, 1), (0, 7), xycoords="axes fraction", textcoords="offset points", color=MUTED, fontsize=FONT_SIZE
    )


def render(figure: Figure, kind: str) -> bytes:
    """Return the figure as the bytes of an SVG or PNG file, without date and version."""
    content = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None} if kind == "svg" else {"Software": None}
    figure.savefig(content, format=kind, metadata=nothing, dpi=72 if kind == "svg" else 144)
    return content.getvalue()
