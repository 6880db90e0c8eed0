"""Formatting of numbers and names: three decimals for scores, readable durations, a dash for missing values."""

from __future__ import annotations

import math
import re
from typing import Any

ABSENT = "\u2013"  # an en dash, the usual mark of an empty cell
_SUFFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: Any) -> float:
    """Return a JSON value as a float, NaN if it is absent, not a number, or infinite.

    Examples
    --------
    >>> number(0.5), number(None), number("high"), number(float("inf"))
    (0.5, nan, nan, nan)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    # Beyond 1e100 a plot's arithmetic overflows; such a loss has diverged just like an infinite one.
    return float(value) if abs(value) < 1e100 else math.nan


def score(value: Any) -> str:
    """Return a score or share with three decimals.

    Examples
    --------
    >>> score(0.70361), score(None) == ABSENT
    ('0.704', True)
    """
    value = number(value)
    return ABSENT if math.isnan(value) else f"{value:.3f}"


def count(value: Any) -> str:
    """Return an integer with thousands separators.

    Examples
    --------
    >>> count(1234567), count(None) == ABSENT
    ('1,234,567', True)
    """
    value = number(value)
    return ABSENT if math.isnan(value) else f"{value:,.0f}"


def percent(value: Any) -> str:
    """Return a share in percent; only exact 0 and 1 are shown as 0% and 100%.

    Examples
    --------
    >>> percent(0.805), percent(0.001), percent(0.999), percent(0)
    ('80%', '<1%', '>99%', '0%')
    """
    value = number(value)
    if math.isnan(value):
        return ABSENT
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else f"{100 * value:.0f}%"


def duration(value: Any) -> str:
    """Return seconds as a readable duration.

    Examples
    --------
    >>> duration(0.001), duration(2.14), duration(12.35), duration(200), duration(7500)
    ('<0.01 s', '2.14 s', '12.3 s', '3 min 20 s', '2 h 5 min')
    """
    seconds = number(value)
    if math.isnan(seconds):
        return ABSENT
    if seconds < 59.95:
        return _few_seconds(seconds)
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _few_seconds(seconds: float) -> str:
    if seconds < 0.005:
        return "<0.01 s" if seconds else "0 s"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"


def tick(value: float, spacing: float) -> str:
    """Return the label of a tick, with the decimals needed for neighbours ``spacing`` away.

    Examples
    --------
    >>> tick(0.7, 0.05), tick(2.0, 0.5), tick(1500, 500), tick(3e-9, 1e-9)
    ('0.70', '2.0', '1.5k', '3e-09')
    """
    if not 1e-6 < spacing < 1:
        return short(value)
    decimals = math.ceil(-math.log10(spacing) - 1e-9)
    return f"{value:.{decimals}f}"


def short(value: float) -> str:
    """Return a number for an axis in few characters.

    Examples
    --------
    >>> short(1500), short(2e6), short(0.25), short(40)
    ('1.5k', '2M', '0.25', '40')
    """
    for unit, suffix in _SUFFIXES:
        if unit <= abs(value) < 1000 * unit:
            return f"{value / unit:.4g}{suffix}"
    return f"{value:.4g}"


def measure(name: str) -> str:
    """Return the name of a measure in words.

    Examples
    --------
    >>> measure("macro_f1"), measure("weighted_precision")
    ('macro F1', 'weighted precision')
    """
    return name.replace("_", " ").replace("f1", "F1")


def moment(value: Any) -> str:
    """Return an ISO 8601 date and time in readable form, or the text itself if it is not one.

    Examples
    --------
    >>> moment("2026-11-22T20:00:00Z"), moment(None) == ABSENT
    ('2026-11-22 20:00 UTC', True)
    """
    if not value:
        return ABSENT
    text = str(value)
    day, mark, hour = text.partition("T")
    utc = hour.endswith(("Z", "+00:00"))
    return f"{day} {hour[:5]} UTC" if mark and utc else text


def inline(text: str) -> str:
    r"""Escape Markdown and HTML in a name, and join its lines.

    Examples
    --------
    >>> inline("<b> *new*\n# line")
    '&lt;b&gt; \\*new\\* \\# line'
    """
    text = re.sub(r"([\\`*_\[\]|#~])", r"\\\1", " ".join(text.split()))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
