"""Tables and plot of the time that `mt2st.Balance` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mt2st.report.drawing import (
    AUXILIARY,
    MUTED,
    PRIMARY,
    add_axes,
    few_ticks,
    name_above,
    new_figure,
    plotting,
    render,
)

START, END = "<!-- balance: written by benchmarks/balance.py -->", "<!-- end of balance -->"
STYLES = {"exact": (PRIMARY, "-"), "skip": (AUXILIARY, "-"), "every 4th": (MUTED, (0, (4, 2)))}


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return microseconds and ratios as Markdown."""
    lines = [f"| {title} | microseconds a step | ratio (quartiles) |", "|---|---|---|"]
    for row in rows:
        ratio = f"{row['ratio']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        lines.append(f"| {row['loop']} | {row['microseconds']:,.0f} | {ratio} |")
    return "\n".join(lines)


def falling_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the ratio to the single-task loop, a row a mode and a column a weight."""
    gammas = list(dict.fromkeys(row["gamma"] for row in rows))
    lines = ["| weight | " + " | ".join(f"{gamma:g}" for gamma in gammas) + " |", "|---" * (len(gammas) + 1) + "|"]
    for mode in dict.fromkeys(row["mode"] for row in rows):
        ratios = [f"{row['ratio']:.2f}" for row in rows if row["mode"] == mode]
        lines.append(f"| {mode} | " + " | ".join(ratios) + " |")
    return "\n".join(lines)


def draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw seconds a step, of the single-task loop's, against the weight of both auxiliaries."""
    with plotting():
        figure = new_figure(520, 260)
        axes = add_axes(figure, left=40, top=30, right=110, bottom=40)
        for mode, (colour, style) in STYLES.items():
            points = [(row["gamma"], row["ratio"]) for row in rows if row["mode"] == mode]
            axes.plot(*zip(*points, strict=True), "o", linestyle=style, color=colour, markersize=3, label=mode)
        axes.axhline(1.0, color=MUTED, linewidth=0.8, label="single-task")
        axes.set_xlim(1.02, -0.02)
        axes.set_ylim(0, 1.08 * max(row["ratio"] for row in rows))
        few_ticks(axes, "x", 5)
        few_ticks(axes, "y", 4)
        name_above(axes, "time of a step, of the single-task loop's")
        axes.set_xlabel("weight of the two auxiliaries", loc="right")
        axes.legend(frameon=False, labelcolor=MUTED, loc="center left", bbox_to_anchor=(1.0, 0.5))
        path.write_bytes(render(figure, "svg"))


def tables(found: Mapping[str, Any]) -> list[str]:
    """Return the tables of both sizes, of three tasks and then of the primary alone."""
    parts = [table(f"{size}; three tasks", rows) for size, rows in found["overhead"].items()]
    return parts + [table(f"{size}; the primary alone", rows) for size, rows in found["end"].items()]


def write_results(found: Mapping[str, Any], docs: Path) -> None:
    """Replace the part of ``RESULTS.md`` between the marks, and the plot."""
    draw(found["falling"], docs / "balance.svg")
    plot = "![Time of a step falls with the weight of the auxiliaries](balance.svg)"
    section = "\n\n".join((START, *tables(found), falling_table(found["falling"]), plot, END))
    path = docs / "RESULTS.md"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    path.write_text(before + section + rest.partition(END)[2], encoding="utf-8")
