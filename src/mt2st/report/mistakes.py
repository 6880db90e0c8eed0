"""Confusions and their example texts, in the form that the pages' template needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mt2st.evaluation.mistakes import Confusion, Mistake, Near
from mt2st.report.coloured import LEAST_TOLD, Piece, pieces, shown, strongest_words
from mt2st.report.wording import percent

NEAR_CHARACTERS = 160


def mistakes_content(confusions: Sequence[Confusion]) -> dict[str, Any]:
    """Return each confusion with its texts in pieces, and what the legend must explain."""
    found = [_confusion(each) for each in confusions]
    kinds = {piece.kind for each in found for text in each["texts"] for piece in text["pieces"]}
    return {"confusions": found, "coloured": bool(kinds & {"toward", "against"}), "noted": "noted" in kinds}


def _confusion(confusion: Confusion) -> dict[str, Any]:
    share = confusion.examples / confusion.of if confusion.of else 0.0
    return {
        "true": confusion.true,
        "predicted": confusion.predicted,
        "examples": confusion.examples,
        "of": confusion.of,
        "share": percent(share),
        "texts": [_text(mistake, confusion) for mistake in confusion.mistakes],
    }


def _text(mistake: Mistake, confusion: Confusion) -> dict[str, Any]:
    return {
        "pieces": pieces(mistake, confusion) or [Piece("(no text)", "gap")],
        "probability": mistake.probability,
        "true_probability": mistake.true_probability,
        "toward": _told(mistake, 1),
        "against": _told(mistake, -1),
        "before": _before(mistake, confusion),
        "near": [Near(_begin(near.text), near.label, near.cosine) for near in mistake.near],
    }


def _told(mistake: Mistake, sign: int) -> list[tuple[str, str]]:
    return [(word, f"{value:+.2f}") for word, value in strongest_words(mistake, sign)]


def _before(mistake: Mistake, confusion: Confusion) -> tuple[str, str] | None:
    """Return what counts before any word, and for which label; None if it is next to nothing."""
    value = mistake.before
    if value is None or abs(value) < LEAST_TOLD:
        return None
    return f"{abs(value):+.2f}", confusion.predicted if value > 0 else confusion.true


def _begin(text: str) -> str:
    (_, stop), *_ = shown(text, (), NEAR_CHARACTERS)
    return text if stop >= len(text) else f"{text[:stop]}\u2026"
