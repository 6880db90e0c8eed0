"""A model's arrays in one byte a number, without what says little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
# Kept of the columns that stand in texts once each, by how far they can move a score: those before the rest adds up
# to so little of all.
KEPT = 0.7
WEIGHTS = ("weights", "ngram_weights", "vector_weights")
VECTORS = ("table", "mean", "scale")


def quantize(arrays: Arrays, words: list[str]) -> tuple[Arrays, list[str]]:
    """Return arrays with words and pairs left out that say least, and numbers rounded to 255 steps of each output.

    Inverse document frequencies and the words' weights, which are all of a size, are kept as half-precision numbers.
    """
    kept = {name: array for name, array in arrays.items() if name not in VECTORS}
    kept, words = _prune(kept, words)
    found: Arrays = {}
    for name, array in kept.items():
        if name in WEIGHTS and array.size:
            scale = np.maximum(np.abs(array).max(0), 1e-12) / 127
            found[name] = np.rint(array / scale).astype(np.int8)
            found[f"{name}.scale"] = scale.astype(np.float32)
        elif name in ("idf", "ngram_idf", "row_weights"):
            found[name] = array.astype(np.float16)
        else:
            found[name] = array
    return found, words


def restore(arrays: Arrays) -> Arrays:
    """Return what `quantize` rounded, as float32; other arrays as they are."""
    found: Arrays = {}
    for name, array in arrays.items():
        if name.endswith(".scale"):
            continue
        if f"{name}.scale" in arrays:
            found[name] = array.astype(np.float32) * arrays[f"{name}.scale"]
        else:
            found[name] = array.astype(np.float32) if array.dtype == np.float16 else array
    return found


def _prune(arrays: Arrays, words: list[str]) -> tuple[Arrays, list[str]]:
    """Leave out the pairs that say least; words stay, as n-grams are numbered by them."""
    number, shared = len(words), len(arrays["row_weights"])
    said = np.abs(arrays["weights"][number:]).max(1) * arrays["idf"][number:]
    if shared > number:
        said[: shared - number] += np.abs(arrays["vector_weights"][number:]).max(1)
    order = np.argsort(-said, kind="stable")
    most = int(np.searchsorted(np.cumsum(said[order]), KEPT * said.sum())) + 1
    places = np.sort(order[:most])
    rows = np.concatenate([np.arange(number), number + places])
    own = rows[rows < shared]
    pruned = {
        **arrays,
        "pairs": arrays["pairs"][places],
        "idf": arrays["idf"][rows],
        "weights": arrays["weights"][rows],
        "vector_weights": arrays["vector_weights"][own],
        "row_weights": arrays["row_weights"][own],
    }
    return pruned, words
