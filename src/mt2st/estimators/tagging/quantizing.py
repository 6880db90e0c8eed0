"""A native tagger's arrays with few bits per number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mt2st.estimators.saving.sorted_columns import Arrays
from mt2st.estimators.saving.streams import finest_that_fits, pack_integers, unpack_integers

# Steps relative to the root mean square of an array: the finest, the coarsest, and the number of steps tried, each 1.07
# times the one before.
FINEST, COARSEST, STEPS = 0.2, 1.5, 30
# Factors of each array's steps. A token's score is the sum of some 20 rows of features, whose rounding errors average
# out; each weight of the hidden layer is part of all scores.
WIDER = {"table": 1.0, "looks": 1.0, "weights": 0.25, "features": 2.0}


def quantize(arrays: Arrays, fits: Callable[[Arrays], bool]) -> tuple[Arrays, dict[str, Any]]:
    """Return arrays as streams of bytes, and the description that `restore` needs.

    A number w of an array of n numbers is rounded to steps of ``D c sqrt(sum(w^2) / n)``, with c the array's factor in
    `WIDER`. Rows of hashed features that round to zeros are left out. D is the finest with which everything fits; if
    none does, as the model is too small, the finest of all.

    Parameters
    ----------
    arrays
        Arrays of a tagger's encoder and head; those of features have only the rows ``used``.
    fits
        Returns whether streams are small enough.
    """

    def packed(place: int) -> tuple[Arrays, dict[str, Any]]:
        return _pack(arrays, FINEST * (COARSEST / FINEST) ** (place / STEPS))

    return finest_that_fits(packed, lambda found: fits(found[0]), STEPS)


def _pack(arrays: Arrays, step: float) -> tuple[Arrays, dict[str, Any]]:
    steps = {name: step * wider * _size(arrays[name]) for name, wider in WIDER.items()}
    numbers = {name: np.rint(arrays[name] / each).astype(np.int64) for name, each in steps.items()}
    says = numbers["features"].any(axis=1)
    numbers["features"] = numbers["features"][says]
    numbers["used"] = np.diff(arrays["used"][says], prepend=0)
    streams = {name: pack_integers(own) for name, own in numbers.items()}
    shapes = {name: list(own.shape) for name, own in numbers.items()}
    return {**arrays, **streams}, {"steps": steps, "shapes": shapes}


def _size(array: Any) -> float:
    """Return the root mean square; 1 if that is 0 or the array is empty."""
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64)))) or 1.0 if array.size else 1.0


def restore(streams: Arrays, description: Mapping[str, Any]) -> Arrays:
    """Return the arrays that `quantize` stored in streams, as float32; an error means that the model is damaged."""
    numbers = {name: unpack_integers(streams[name], tuple(shape)) for name, shape in description["shapes"].items()}
    found = {name: np.asarray(numbers[name] * step, np.float32) for name, step in description["steps"].items()}
    return {**streams, **found, "used": np.cumsum(numbers["used"])}
