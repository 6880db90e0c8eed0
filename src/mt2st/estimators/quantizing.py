"""A model's arrays in one byte a number, without what says little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
# Of the pairs and of the n-grams those that can move a score farthest are kept: the largest of these shares with which
# the arrays, and what else the folder holds, fit into a tenth of what they were.
SHARES = (1.0, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.16, 0.13, 0.1, 0.08, 0.06, 0.05)
TENTH = 0.1
WEIGHTS = ("weights", "ngram_weights", "vector_weights")
FREQUENCIES = ("idf", "ngram_idf", "row_weights")
VECTORS = ("table", "mean", "scale")
# Of a rounded array: what one step is worth, and what zero steps are.
STEP, ZERO, NGRAMS = ".step", ".zero", "ngrams kept"


def quantize(arrays: Arrays, words: int, other_bytes: int) -> Arrays:
    """Return arrays without the vectors, the pairs and the n-grams that say least, rounded to 255 steps each.

    Parameters
    ----------
    arrays
        Of a whole model.
    words
        How many columns are words, which all stay.
    other_bytes
        What is written beside.
    """
    most = TENTH * sum(array.nbytes for array in arrays.values()) - other_bytes
    for share in SHARES:
        found = _rounded(_without_ngrams(_without_pairs(arrays, words, share), share))
        if sum(array.nbytes for array in found.values()) <= most:
            break
    return found


def _rounded(arrays: Arrays) -> Arrays:
    """Return one byte of each number; weights have steps of their own for each output."""
    found: Arrays = {}
    for name, array in arrays.items():
        if name in VECTORS:
            continue
        found[name] = array
        if name in WEIGHTS and array.size:
            step = np.maximum(np.abs(array).max(0), 1e-12) / 127
            found |= {name: np.rint(array / step).astype(np.int8), name + STEP: step.astype(np.float32)}
        elif name in FREQUENCIES and array.size:
            low, high = float(array.min()), float(array.max())
            step = np.array(max(high - low, 1e-12) / 255, np.float32)
            found |= {name: np.rint((array - low) / step).astype(np.uint8), name + STEP: step}
            found[name + ZERO] = np.array(low, np.float32)
    return found


def restore(arrays: Arrays) -> Arrays:
    """Return what `quantize` rounded, as float32; other arrays as they are."""
    found: Arrays = {}
    for name, array in arrays.items():
        if name + STEP in arrays:
            found[name] = array.astype(np.float32) * arrays[name + STEP] + arrays.get(name + ZERO, np.float32(0))
        elif not name.endswith((STEP, ZERO)):
            found[name] = array
    return found


def restore_ngrams(arrays: Arrays, number: int) -> Arrays:
    """Return arrays with all ``number`` n-grams: one that was left out says nothing, but counts in lengths."""
    if NGRAMS not in arrays:
        return arrays
    places, weights, idf = arrays[NGRAMS], arrays["ngram_weights"], arrays["ngram_idf"]
    said, counted = (
        np.zeros((number, weights.shape[1]), np.float32),
        np.full(number, arrays["ngram_idf.rest"], np.float32),
    )
    said[places], counted[places] = weights, idf
    rest = {name: own for name, own in arrays.items() if name not in (NGRAMS, "ngram_idf.rest")}
    return {**rest, "ngram_weights": said, "ngram_idf": counted}


def _without_pairs(arrays: Arrays, words: int, share: float) -> Arrays:
    shared = len(arrays["row_weights"])
    said = np.abs(arrays["weights"][words:]).max(1) * arrays["idf"][words:]
    if shared > words:
        said[: shared - words] += np.abs(arrays["vector_weights"][words:]).max(1)
    places = _first(said, share)
    rows = np.concatenate([np.arange(words), words + places])
    own = rows[rows < shared]
    return {
        **arrays,
        "pairs": arrays["pairs"][places],
        "idf": arrays["idf"][rows],
        "weights": arrays["weights"][rows],
        "vector_weights": arrays["vector_weights"][own],
        "row_weights": arrays["row_weights"][own],
    }


def _without_ngrams(arrays: Arrays, share: float) -> Arrays:
    if "ngram_idf" not in arrays:
        return arrays
    idf, weights = arrays["ngram_idf"], arrays["ngram_weights"]
    places = _first(np.abs(weights).max(1, initial=0) * idf, share)
    rest = np.delete(idf, places)
    own = {NGRAMS: places.astype(np.int32), "ngram_weights": weights[places], "ngram_idf": idf[places]}
    return {**arrays, **own, "ngram_idf.rest": np.array(rest.mean() if len(rest) else 0, np.float32)}


def _first(said: NDArray[Any], share: float) -> NDArray[np.int64]:
    """Return the places of the share that says most, in order."""
    return np.sort(np.argsort(-said, kind="stable")[: round(share * len(said))])
