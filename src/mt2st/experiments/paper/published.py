"""The paper's own figures, from the logs in its public repository.

https://github.com/NoakLiu/MT2ST-Adaptive-Multi-Task-to-Single-Task-Learning, commit b95793ac, one training each, 250
test reviews: an interval of about ±6 points. Its settings 0 to 3 do not compute what the text calls UPDATE 0 to 3: 0
adds nothing to the loss, 1 adds a similarity score, 2 an analogy score times 0.1, 3 both, and with Switch all four add
the analogy score; none of these has a gradient with respect to the model. Frozen vectors were only run for CBOW, twice,
and GloVe: the skip-gram original in the logs uses the vectors of CBOW.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Any

from mt2st.experiments.paper.cells import FROZEN, LEXICAL, SINGLE, PaperCell

ORIGINAL = "original"


@dataclass(frozen=True)
class Published:
    """Mean measures of a cell over the logs that have it; ``macro`` and ``weighted`` are precision, recall and F1."""

    accuracy: float
    macro: tuple[float, ...]
    weighted: tuple[float, ...]
    logs: int


def published(cell: PaperCell) -> Published | None:
    """Return the paper's figures of a cell; None if it has none.

    Examples
    --------
    >>> published(PaperCell("glove", "similarity", "switch"))
    Published(accuracy=0.725, macro=(0.725, 0.725, 0.725), weighted=(0.725, 0.725, 0.725), logs=2)
    >>> published(PaperCell("glove", "frozen")).accuracy, published(PaperCell("glove", "trained"))
    (0.487, None)
    """
    if cell.row == FROZEN:
        wanted = ORIGINAL
    elif cell.row in LEXICAL:
        wanted = f"update {LEXICAL.index(cell.row)}"
    else:
        return None
    found = [
        each
        for each in _records()
        if each["embedding"] == cell.embedding
        and each["setting"] == wanted
        and cell.strategy in (SINGLE, each["strategy"])
    ]
    if not found:
        return None
    macro, weighted = (
        tuple(round(fmean(values), 3) for values in zip(*(each[name] for each in found), strict=True))
        for name in ("macro", "weighted")
    )
    return Published(round(fmean(each["accuracy"] for each in found), 3), macro, weighted, len(found))


@cache
def _records() -> list[dict[str, Any]]:
    return list(json.loads((files(__package__) / "published.json").read_text(encoding="utf-8")))
