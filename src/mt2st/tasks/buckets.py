"""Batches of texts of like length, which spend less on padding and on steps in time."""

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
    """Return a shuffled pass re-arranged so that each batch holds examples of like length.

    The examples of some batches in a row are sorted by length, and each batch gets a stretch of these, which one is
    drawn. Every example still comes once; one of another length comes, as before, at a moment that chance decides.

    Parameters
    ----------
    order
        All examples, shuffled, (examples,).
    lengths
        Of each example by its number, (examples,).
    cuts
        Where batches end within ``order``, rising.
    together
        Batches whose examples are sorted together. The more, the more alike the lengths, and the less random the batch.
    generator
        Decides which batch gets which stretch.

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
