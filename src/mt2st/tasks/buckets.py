"""Batches of texts of similar length, which need less padding and fewer time steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def bucketed(
    order: NDArray[np.int64],
    lengths: NDArray[np.int64],
    cuts: Iterable[int],
    together: int,
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Return a shuffled pass rearranged so that each batch holds examples of similar length.

    The examples of several consecutive batches are sorted by length and cut into as many contiguous parts, which are
    assigned to these batches at random. Every example still comes once.

    Parameters
    ----------
    order
        All examples, shuffled, (examples,).
    lengths
        Length of each example by its number, (examples,).
    cuts
        Indices within ``order`` at which batches end, ascending.
    together
        The number of batches sorted together. With more, lengths in a batch are more similar, and batches less random.
    generator
        Assigns the parts to the batches.

    Examples
    --------
    >>> lengths = np.array([9, 1, 8, 2, 7, 3])
    >>> order = bucketed(np.arange(6), lengths, [2, 4], 3, np.random.default_rng(2))
    >>> order.tolist(), lengths[order].tolist()
    ([5, 4, 2, 0, 1, 3], [3, 7, 8, 9, 1, 2])
    """
    bounds = [0, *(cut for cut in cuts if 0 < cut < len(order)), len(order)]
    batches = [slice(start, stop) for start, stop in pairwise(bounds)]
    found = np.empty_like(order)
    for first in range(0, len(batches), together):
        group = batches[first : first + together]
        members = order[group[0].start : group[-1].stop]
        members = members[np.argsort(lengths[members], kind="stable")]
        done = 0
        for place in generator.permutation(len(group)):
            size = group[place].stop - group[place].start
            found[group[place]] = members[done : done + size]
            done += size
    return found
