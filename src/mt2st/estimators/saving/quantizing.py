"""A model's arrays with few bits per number, without its vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.saving.sorted_columns import Arrays
from mt2st.estimators.saving.streams import finest_that_fits, pack_integers, unpack_integers
from mt2st.models.columns.pairs import join_keys, split_keys

# The step of a weight, measured by its effect on scores averaged over texts: the finest, which changes no label, the
# coarsest, which changes few, and the number of steps tried, each 1.07 times the one before.
FINEST, COARSEST, STEPS = 0.003, 0.1, 52
# A pair is left out if none of its weights is more steps than this.
PAIR_STEPS = 2
# Arrays of weights, each with its array of inverse document frequencies; arrays of factors, stored in one byte each.
SAYING = {"weights": "idf", "vector_weights": "idf", "ngram_weights": "ngram_idf"}
COUNTING = ("idf", "ngram_idf", "row_weights")

Description = dict[str, Any]


def quantize(arrays: Arrays, fits: Callable[[Arrays], bool]) -> tuple[Arrays, Description]:
    """Return arrays as streams of bytes, and the description that `restore` needs.

    A weight w of a column with the inverse document frequency f is rounded to steps of ``D / (f * sqrt(p))``, where
    ``p = exp(1 - f)`` is the share of texts that have the column, so that the rounding of each column has an equal
    effect on scores. A pair without a weight of more than two steps is left out, as its key takes more bytes than its
    weights. D is the finest with which everything fits; if none does, as the model is too small, the finest of all.

    Parameters
    ----------
    arrays
        Arrays of a whole model, in the order of `mt2st.estimators.saving.sorted_columns.sort_columns`.
    fits
        Returns whether streams are small enough.

    Notes
    -----
    Equal errors of all parts are optimal by rate-distortion theory ("reverse water-filling"): T. Cover and J. Thomas,
    "Elements of Information Theory", chapter 10.
    """
    counting, description = _count(arrays)

    def packed(place: int) -> tuple[Arrays, Description]:
        step = FINEST * (COARSEST / FINEST) ** (place / STEPS)
        found, shapes = _pack({**counting, **_say(arrays, counting, description, step)}, arrays)
        return found, {**description, "step": step, "shapes": shapes}

    return finest_that_fits(packed, lambda found: fits(found[0]), STEPS)


def _count(arrays: Arrays) -> tuple[Arrays, Description]:
    """Return one byte for each factor, and the value of 0 and of a step for each array."""
    found: Arrays = {}
    ranges = {}
    for name in COUNTING:
        if name in arrays:
            low, high = float(arrays[name].min(initial=np.inf)), float(arrays[name].max(initial=-np.inf))
            low, step = (low, max(high - low, 1e-9) / 255) if high >= low else (0.0, 1.0)
            # From -128 on, so that a signed number fits in one byte.
            found[name] = np.rint((arrays[name] - low) / step).astype(np.int64) - 128
            ranges[name] = [low + 128 * step, step]
    return found, {"ranges": ranges}


def _of_count(numbers: NDArray[np.int64], span: list[float]) -> NDArray[np.float32]:
    return np.asarray(span[0] + span[1] * numbers, np.float32)


def _moves(idf: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the effect of a weight of 1 on scores, as the root mean square over texts, (columns, 1)."""
    wide = idf.astype(np.float64)
    return np.asarray((wide * np.exp((1 - wide) / 2))[:, None])


def _say(arrays: Arrays, counting: Arrays, description: Description, step: float) -> Arrays:
    found: Arrays = {}
    for name, frequency in SAYING.items():
        if name in arrays and frequency in counting:
            idf = _of_count(counting[frequency], description["ranges"][frequency])[: len(arrays[name])]
            found[name] = np.rint(arrays[name] * _moves(idf) / step).astype(np.int64)
    return found


def _pack(numbers: Arrays, arrays: Arrays) -> tuple[Arrays, dict[str, list[int]]]:
    """Return streams, and the shapes of the arrays in them."""
    numbers = {**numbers, **_without_pairs(numbers, arrays["pairs"])}
    keys = numbers.pop("keys")
    left, right = split_keys(keys)
    runs = np.diff(left, prepend=0)
    numbers["pairs"] = np.stack([runs, np.where(runs == 0, np.diff(right, prepend=0), right)], 1)
    found = {name: pack_integers(own) for name, own in numbers.items()}
    return {**found, "bias": arrays["bias"]}, {name: list(own.shape) for name, own in numbers.items()}


def _without_pairs(numbers: Arrays, keys: NDArray[np.uint64]) -> Arrays:
    """Return numbers, and keys of pairs, without the pairs whose weights are all small."""
    weights, vectors, words = numbers["weights"], numbers["vector_weights"], len(numbers["weights"]) - len(keys)
    says: NDArray[np.bool_] = np.any(np.abs(weights) > PAIR_STEPS, axis=1)
    says[:words] = True
    says[: len(vectors)] |= vectors.any(1)
    shared = says[: len(vectors)]
    return {
        "keys": keys[says[words:]],
        **{name: numbers[name][says] for name in ("weights", "idf")},
        **{name: numbers[name][shared] for name in ("vector_weights", "row_weights")},
    }


def restore(streams: Arrays, description: Mapping[str, Any]) -> Arrays:
    """Return the arrays that `quantize` stored in streams, as float32; an error means that the model is damaged."""
    numbers = {name: unpack_integers(streams[name], tuple(shape)) for name, shape in description["shapes"].items()}
    runs, right = numbers.pop("pairs").T
    found = {name: _of_count(own, description["ranges"][name]) for name, own in numbers.items() if name in COUNTING}
    for name, frequency in SAYING.items():
        if name in numbers and frequency in found:
            moves = _moves(found[frequency][: len(numbers[name])])
            found[name] = np.asarray(numbers[name] * description["step"] / moves, np.float32)
    found.setdefault("ngram_weights", np.empty((0, len(streams["bias"])), np.float32))
    return {**found, "pairs": join_keys(np.cumsum(runs), _sums(right, runs != 0)), "bias": streams["bias"]}


def _sums(numbers: NDArray[np.int64], begins: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return running sums, which start over where ``begins`` is True."""
    total = np.cumsum(numbers)
    starts = np.flatnonzero(begins)
    before = np.zeros(len(numbers), np.int64)
    before[starts] = np.diff(np.concatenate([[0], (total - numbers)[starts]]))
    return total - np.cumsum(before)
