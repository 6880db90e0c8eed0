"""The compiled functions of `mt2st.models.scoring`, loaded once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mt2st.machine_code import ADDRESS, NUMBER, load_functions

# All source files of the compiled code; it is compiled again if any of them changes.
HERE = Path(__file__).parent
SOURCES = [
    HERE / "names.py",
    *sorted((HERE / "kernels").glob("*.py")),
    HERE.parent / "columns" / "kernels.py",
    HERE.parent / "columns" / "tokens.py",
    *(HERE.parents[1] / "embeddings" / "kernels" / f"{name}.py" for name in ("ngrams", "rows", "vector_code")),
    HERE.parents[1] / "embeddings" / "lanes.py",
    HERE.parents[1] / "native.py",
    HERE.parents[1] / "text" / "tokenizer.py",
]
KINDS: dict[str, tuple[Any, list[Any]]] = {
    "fill_words": (None, [ADDRESS] * 3),
    "fill_pairs": (None, [ADDRESS] * 2),
    "number_ngrams": (NUMBER, [ADDRESS] * 3),
    "score_texts": (None, [ADDRESS, ADDRESS, NUMBER]),
}


@cache
def functions() -> dict[str, Any]:
    """Return the functions of `mt2st.models.scoring.kernels.texts` by name, see `mt2st.machine_code.load_functions`."""
    return load_functions("scoring", SOURCES, KINDS, _compile)


def _compile() -> Mapping[str, Any]:
    from mt2st.models.scoring.kernels.compiled import FUNCTIONS

    return FUNCTIONS
