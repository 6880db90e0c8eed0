"""The settings of `mt2st train` without arguments."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

RATED = ("film", "products", "tweets", "editorials")


def default_settings(primary: str = "products") -> dict[str, Any]:
    """Return the settings of the default job: one rated-sentence set, helped by the other three and a language model.

    Parameters
    ----------
    primary
        One of the rated sets, or the path of a file; a file is helped by a language model over its own text.

    Examples
    --------
    >>> list(default_settings("film")["auxiliary"])
    ['products', 'tweets', 'editorials', 'language']
    """
    rated = primary in RATED
    others = {name: {"kind": "classification", "data": name} for name in RATED if rated and name != primary}
    language = {"kind": "skipgram", "data": [], "passes": 1.0, "table_rate": 0.03}
    name = primary if rated else PurePath(primary).name.lstrip(".").split(".")[0] or primary
    return {
        "primary": {"name": name, "data": primary, "labels": 250 if rated else None},
        "auxiliary": {**others, "language": language},
        "training": {"baselines": rated},
    }
