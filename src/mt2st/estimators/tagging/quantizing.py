"""A native tagger's arrays in few bits a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mt2st.estimators.saving.sorted_columns import Arrays
from mt2st.estimators.saving.streams import finest_that_fits, pack_integers, unpack_integers

# Steps, in root mean squares of an array's numbers: the finest, the coarsest, and how many are tried, each 1.07 times
# the one before.
FINEST, COARSEST, STEPS = 0.2, 1.5, 30
# How much wider each array's steps are. A token's score is the sum of some 20 rows of features, whose roundings even
# out; each weight of the hidden layer has part in all scores.
WIDER = {"table": 1.0, "looks": 1.0, "weights": 0.25, "features": 2.0}


def quantize(arrays: Arrays, fits: Callable[[Arrays], bool]) -> tuple[Arrays, dict[str, Any]]:
    """Return arrays as streams of bytes, and what `restore` needs beside them.

    A number w of an array of n numbers is rounded to steps of ``D c sqrt(sum(w^2) / n)``, c the array's own constant
    (`WIDER`). Of hashed features, rows that round to zeros are left out. D is the finest with which it all fits; of a
    model so small that none does, the finest of all.

    Parameters
    ----------
    arrays
        Of a tagger: those of its encoder and head, of features only the rows ``used``.
    fits
        Says whether streams are small enough.
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
    """Return the root mean square, 1 where that is 0 or of nothing."""
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64)))) or 1.0 if array.size else 1.0


def restore(streams: Arrays, description: Mapping[str, Any]) -> Arrays:
    """Return the arrays that `quantize` made streams of, as float32; errors are those of a damaged model."""
    numbers = {name: unpack_integers(streams[name], tuple(shape)) for name, shape in description["shapes"].items()}
    found = {name: np.asarray(numbers[name] * step, np.float32) for name, step in description["steps"].items()}
    return {**streams, **found, "used": np.cumsum(numbers["used"])}
