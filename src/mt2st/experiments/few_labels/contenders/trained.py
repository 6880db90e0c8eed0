"""What a contender hands back."""

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
        Gives a label to each text.
    chosen
        The settings that it found for itself, as JSON values.
    """

    predict: Callable[[list[str]], Sequence[str]]
    chosen: dict[str, Any]
