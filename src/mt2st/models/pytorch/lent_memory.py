"""Reusing large blocks of memory, as the operating system clears every new one page by page."""

from __future__ import annotations

import math

import torch

MOST_KEPT = 4
# Batches differ in size: blocks are larger than needed, so that they fit the next batch too.
ROOM = 1.25

_free: list[torch.Tensor] = []


class Lent:
    """An uninitialised float32 tensor, whose memory is reused by the next one once this object is deleted.

    Keep this object as long as the tensor is used. At most `MOST_KEPT` free blocks are kept.

    Parameters
    ----------
    shape
        Shape of the tensor.

    Examples
    --------
    >>> first = Lent(1000, 1000)
    >>> place = first.tensor.data_ptr()
    >>> del first
    >>> second = Lent(1001, 999)
    >>> second.tensor.shape, second.tensor.data_ptr() == place
    (torch.Size([1001, 999]), True)
    """

    def __init__(self, *shape: int) -> None:
        size = math.prod(shape)
        self._block = _take(size)
        self.tensor = self._block[:size].view(shape)

    def __del__(self) -> None:
        _free.append(self._block)
        if len(_free) > MOST_KEPT:
            _free.pop(min(range(len(_free)), key=lambda place: len(_free[place])))


def _take(size: int) -> torch.Tensor:
    """Return the smallest free block that is large enough, or a new one."""
    fitting = [place for place, block in enumerate(_free) if len(block) >= size]
    if fitting:
        return _free.pop(min(fitting, key=lambda place: len(_free[place])))
    return torch.empty(int(size * ROOM))
