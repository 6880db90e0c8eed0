"""A figure as inline SVG: with the page's font and colours, unique ids, and nothing to load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mt2st.report.drawing import AUXILIARY, INK, LINE, MUTED, PAPER, PRIMARY, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    PAPER: "card",
    PRIMARY: "primary",
    AUXILIARY: "auxiliary",
}
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_REPLACEMENTS = (
    (re.compile(r"<style.*?</style>", re.DOTALL), ""),  # a rule for every element of the page; report.css has its own
    (re.compile(r"\bxlink:href="), "href="),
    (re.compile(r" font-family: [^;\"]*;?"), ""),
    (re.compile(r" transform=\"rotate\(-0 [^\"]*\""), ""),
    (re.compile(r"#[0-9a-f]{6}\b"), lambda found: _themed(found[0])),
    (re.compile(r">\s*\n\s*<"), ">\n<"),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn figure for the page's template.

    Parameters
    ----------
    name
        A name that is unique on the page.
    title
        A description of the chart, for screen readers.
    body
        The elements inside ``<svg>``; its only text is numbers and names of axes and measures, escaped.
    width, height
        Size in pixels of the page.
    """

    name: str
    title: str
    body: str
    width: int
    height: int


def chart_of(figure: Figure, name: str, title: str) -> Chart:
    """Return a figure as a chart of the page; ``name`` becomes the prefix of every id in it."""
    body = inner_svg(render(figure, "svg").decode("utf-8"), name)
    width, height = (round(inches * 72) for inches in figure.get_size_inches())
    return Chart(name, title, body, width, height)


def inner_svg(document: str, name: str) -> str:
    """Return the contents of the ``<svg>`` of a document by matplotlib, adapted to a page with several figures.

    Examples
    --------
    >>> inner_svg('<svg width="9"><path id="p" style="stroke: #1f5fbf"/></svg>', "loss")
    '<path id="loss-p" style="stroke: var(--primary)"/>'
    """
    found = _BODY.search(document)
    body = found[1].strip() if found else ""
    for pattern, replacement in _REPLACEMENTS:
        body = pattern.sub(replacement, body)
    return re.sub(r"(\bid=\"|\bhref=\"#|url\(#)", rf"\g<1>{name}-", body)


def _themed(colour: str) -> str:
    return f"var(--{_VARIABLES[colour]})" if colour in _VARIABLES else colour
