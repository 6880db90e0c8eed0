"""Compression of integers, most of which are small and frequent."""

from __future__ import annotations

import lzma
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

Packed = TypeVar("Packed")

# Without context (lc, lp and pb are 0), as the numbers are independent: only their frequencies matter.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 0, "pb": 0}]


def pack_integers(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    """Compress signed integers of at most 32 bits, (rows,) or (rows, columns), to a stream of bytes.

    The sign is moved to the lowest bit, so that 0, -1, 1, -2 become 0, 1, 2, 3; then the lowest bytes of all numbers
    are stored column by column, then the next ones, as far as needed.

    Examples
    --------
    >>> numbers = np.array([[0, 300], [-1, 5], [0, -7]])
    >>> unpack_integers(pack_integers(numbers), (3, 2)).tolist() == numbers.tolist()
    True
    >>> len(pack_integers(np.zeros((1000, 3), int))) < 50
    True
    """
    signed = numbers.astype(np.int64)
    folded = np.ascontiguousarray(((signed << 1) ^ (signed >> 63)).T)
    planes = [(folded >> shift & 0xFF).astype(np.uint8).tobytes() for shift in (0, 8, 16, 24, 32)]
    while len(planes) > 1 and not any(planes[-1]):
        planes.pop()
    return np.frombuffer(lzma.compress(b"".join(planes), lzma.FORMAT_RAW, filters=FILTERS), np.uint8)


def unpack_integers(stream: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the numbers of a stream.

    Raises
    ------
    DataError
        If their number does not match the shape.
    """
    data = np.frombuffer(lzma.decompress(stream.tobytes(), lzma.FORMAT_RAW, filters=FILTERS), np.uint8)
    size = int(np.prod(shape))
    if len(data) % max(size, 1) or (size and not len(data)):
        raise DataError(f"{len(data)} bytes for numbers of shape {shape}: copy the model again")
    folded = np.zeros(size, np.int64)
    for place in range(len(data) // size if size else 0):
        folded |= data[place * size : (place + 1) * size].astype(np.int64) << 8 * place
    return np.ascontiguousarray(((folded >> 1) ^ -(folded & 1)).reshape(shape[::-1]).T)


def finest_that_fits(packed: Callable[[int], Packed], fits: Callable[[Packed], bool], steps: int) -> Packed:
    """Return ``packed(place)`` for the first place from 0, the finest, to ``steps`` that fits; if none does, for 0.

    So a model that is too small for a tenth of its size keeps its accuracy.

    Examples
    --------
    >>> [finest_that_fits(lambda place: "x" * (9 - place), lambda text: len(text) <= room, 5) for room in (9, 6, 4, 3)]
    ['xxxxxxxxx', 'xxxxxx', 'xxxx', 'xxxxxxxxx']
    """
    packed_once = cache(packed)
    if fits(packed_once(0)):
        return packed_once(0)
    place = 1 + bisect_left(range(1, steps + 1), True, key=lambda place: fits(packed_once(place)))
    return packed_once(place if place <= steps else 0)
