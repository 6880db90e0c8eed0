"""The pages' templates, which share their parts and style."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

from mt2st.report.wording import count, score

# What HTML must not contain: control characters other than white space, surrogates and code points that are none.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def render_page(name: str, **content: Any) -> str:
    """Return a page of this package as HTML; every value is escaped, and characters that HTML forbids are U+FFFD."""
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
    page = environment.get_template(name).render(style=Markup(packaged("report.css")), **content)
    return _FORBIDDEN.sub("\ufffd", page)


def packaged(name: str) -> str:
    """Return the text of a file of this package."""
    return files("mt2st.report").joinpath(name).read_text(encoding="utf-8")
