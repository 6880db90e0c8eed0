"""Encoding many texts outside training: without dropout, texts of similar length together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray


@contextmanager
def without_dropout(module: torch.nn.Module) -> Iterator[None]:
    """Put a module in evaluation mode for a ``with`` block, and restore its mode afterwards.

    Examples
    --------
    >>> import torch
    >>> layer = torch.nn.Dropout()
    >>> with without_dropout(layer):
    ...     layer(torch.ones(3)).tolist()
    [1.0, 1.0, 1.0]
    >>> layer.training
    True
    """
    was_training = module.training
    module.eval()
    try:
        yield
    finally:
        module.train(was_training)


def alike_batches(lengths: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    """Return the numbers of all texts in batches of at most ``size``, the shortest first.

    Examples
    --------
    >>> [batch.tolist() for batch in alike_batches(np.array([5, 1, 3, 1]), size=3)]
    [[1, 3, 2], [0]]
    """
    order = np.argsort(lengths, kind="stable")
    return [order[start : start + size] for start in range(0, len(order), size)]
