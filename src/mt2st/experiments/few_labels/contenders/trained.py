"""The result of a contender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trained:
    """A finished model.

    Attributes
    ----------
    predict
        Returns a label for each text.
    chosen
        The settings that it tuned, as JSON values.
    """

    predict: Callable[[list[str]], Sequence[str]]
    chosen: dict[str, Any]
