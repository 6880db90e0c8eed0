"""The compiled functions of `mt2st.models.scoring`, loaded once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mt2st.machine_code import ADDRESS, NUMBER, load_functions

# Every file that compiled code comes from; any change compiles it anew.
HERE = Path(__file__).parent
PARTS = ("arrays.py", "columns.py", "names.py", "texts.py", "tokens.py")
SOURCES = [HERE / part for part in PARTS] + [
    HERE.parent / "columns" / "kernels.py",
    HERE.parents[1] / "embeddings" / "kernels" / "ngrams.py",
    HERE.parents[1] / "native.py",
]
KINDS = {
    "fill_words": (None, [ADDRESS] * 4),
    "fill_pairs": (None, [ADDRESS] * 3),
    "number_ngrams": (NUMBER, [ADDRESS] * 4),
    "score_texts": (None, [*[ADDRESS] * 4, NUMBER, ADDRESS]),
}


@cache
def functions() -> dict[str, Any]:
    """Return the functions of `mt2st.models.scoring.texts` by name, see `mt2st.machine_code.load_functions`."""
    return load_functions("scoring", SOURCES, KINDS, _compile)


def _compile() -> Mapping[str, Any]:
    from mt2st.models.scoring.compiled import FUNCTIONS

    return FUNCTIONS
