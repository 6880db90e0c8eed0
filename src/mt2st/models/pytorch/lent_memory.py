"""Large blocks of memory that are used again, as the system clears each new one page by page."""

from __future__ import annotations

import math

import torch

MOST_KEPT = 4
# Batches differ in size: with some room to spare a block fits the next one too.
ROOM = 1.25

_free: list[torch.Tensor] = []


class Lent:
    """A float32 tensor, not cleared, whose memory is lent to the next one once this object is gone.

    So a user holds on to the object as long as to the tensor. `MOST_KEPT` blocks at most wait for their next use.

    Parameters
    ----------
    shape
        Of the tensor.

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
