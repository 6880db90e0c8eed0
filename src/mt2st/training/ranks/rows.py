"""Exchanging only the rows that differ between ranks, by index and value, instead of whole tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mt2st.training.ranks.group import gather


class Rows(NamedTuple):
    """Some rows of an array.

    Attributes
    ----------
    numbers
        Their indices, int32, shape (rows,).
    values
        Their values, float32, shape (rows, width).
    """

    numbers: NDArray[np.int32]
    values: NDArray[np.float32]


def exchange(pieces: Sequence[Rows], numbers: Sequence[int]) -> tuple[list[list[Rows]], list[int]]:
    """Exchange rows between all ranks, along with the maximum over ranks of each of ``numbers``.

    Parameters
    ----------
    pieces
        This rank's rows of each of several arrays. Ranks may have different rows, but of the same arrays.
    numbers
        At least one, and as many on every rank.

    Returns
    -------
    For each array the rows of each rank, in the order of ranks; and the maxima.
    """
    own = np.array([*(len(piece.numbers) for piece in pieces), *numbers], np.int64)
    counts = gather(own)  # (ranks, pieces + numbers)
    greatest: list[int] = counts[:, len(pieces) :].max(0).tolist()
    widths = [piece.values.shape[1] for piece in pieces]
    sizes = [[count * (1 + width) for count, width in zip(row, widths, strict=False)] for row in counts.tolist()]
    longest = max(map(sum, sizes))
    if longest == 0:
        return [[] for _ in pieces], greatest
    everyone = gather(_packed(pieces, longest))  # (ranks, longest)
    ranks = [_unpacked(packed, size, widths) for packed, size in zip(everyone, sizes, strict=True)]
    return [list(rows) for rows in zip(*ranks, strict=True)], greatest


def _packed(pieces: Sequence[Rows], length: int) -> NDArray[np.int32]:
    packed = np.zeros(length, np.int32)
    done = 0
    for numbers, values in pieces:
        for part in (numbers, values.reshape(-1).view(np.int32)):
            packed[done : done + len(part)] = part
            done += len(part)
    return packed


def _unpacked(packed: NDArray[np.int32], sizes: Sequence[int], widths: Sequence[int]) -> list[Rows]:
    found, done = [], 0
    for size, width in zip(sizes, widths, strict=True):
        count = size // (1 + width)
        numbers = packed[done : done + count]
        found.append(Rows(numbers, packed[done + count : done + size].view(np.float32).reshape(count, width)))
        done += size
    return found
