"""Loss and accuracy against epochs, as in the paper's figures 5 to 11: figures by strategy, columns by embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mt2st.experiments.outcomes import Outcome
from mt2st.experiments.paper.cells import AUXILIARIES, SINGLE, TRAINED, PaperCell
from mt2st.report.drawing import FONT_SIZE, MUTED, add_axes, few_ticks, new_figure, plotting, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's colours, distinguishable with most kinds of colour blindness; the last is for the primary alone.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#D0B000", "#0072B2", "#D55E00", "#CC79A7", "#1b2026")
LOSS, SCORE = 2, 3
COLUMN, ROW, SIDE, LEGEND = 250, 210, 44, 22
NAMES_A_COLUMN = 3


def draw_curves(found: Mapping[PaperCell, Outcome], strategy: str, embeddings: Sequence[str]) -> bytes:
    """Return an SVG of training loss above and development accuracy below, means over seeds."""
    names = min(NAMES_A_COLUMN * len(embeddings), len(COLOURS))
    top = LEGEND * -(-len(COLOURS) // names) + 8
    with plotting():
        figure = new_figure(SIDE + COLUMN * len(embeddings), 2 * ROW + top)
        for column, embedding in enumerate(embeddings):
            for row, (kind, name) in enumerate(((LOSS, "loss"), (SCORE, "accuracy"))):
                _panel(
                    figure,
                    found,
                    strategy,
                    embedding,
                    kind,
                    corner=(SIDE + COLUMN * column, top + ROW * row),
                    name=name,
                )
        handles = figure.axes[0].get_lines()
        style = {"frameon": False, "labelcolor": MUTED, "columnspacing": 1.2, "handlelength": 1.4}
        figure.legend(handles=handles, loc="upper center", ncols=names, **style)
        return render(figure, "svg")


def _panel(
    figure: Figure,
    found: Mapping[PaperCell, Outcome],
    strategy: str,
    embedding: str,
    kind: int,
    *,
    corner: tuple[int, int],
    name: str,
) -> None:
    width, height = figure.get_size_inches() * 72
    left, top = corner
    axes = add_axes(figure, left, top + 26, width - left - COLUMN + 50, height - top - ROW + 36)
    lines = [*((row_name, strategy) for row_name in AUXILIARIES), (TRAINED, SINGLE)]
    for colour, (row_name, way) in zip(COLOURS, lines, strict=True):
        outcome = found.get(PaperCell(embedding, row_name, way))
        points = outcome.curve(kind) if outcome else []
        label = SINGLE if way == SINGLE else row_name
        axes.plot(*zip(*points, strict=True) if points else ([], []), color=colour, linewidth=1.4, label=label)
    axes.set_title(f"{embedding}: {name}", fontsize=FONT_SIZE, color=MUTED, loc="left")
    axes.set_xlabel("epoch" if kind == SCORE else "")
    few_ticks(axes, "x", 4, integer=True)
    few_ticks(axes, "y", 4)
