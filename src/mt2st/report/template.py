"""The pages' templates, which share their parts and style."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from mt2st.report.wording import count, score


def render_page(name: str, **content: Any) -> str:
    """Return a page of this package as HTML; every value is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # only who writes a page waits for it
    from markupsafe import Markup

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(packaged),
    )
    environment.filters.update(score=score, count=count, trusted=Markup)
    return environment.get_template(name).render(style=Markup(packaged("report.css")), **content)


def packaged(name: str) -> str:
    """Return the text of a file of this package."""
    return files("mt2st.report").joinpath(name).read_text(encoding="utf-8")
