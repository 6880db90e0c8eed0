"""The shared embedding table: one block of float32 memory that every engine trains in place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A cache line, and the widest vector register there is.
ALIGNMENT = 64


def aligned_zeros(rows: int, vector_size: int) -> NDArray[np.float32]:
    """Return a zero table of shape (rows, vector_size) that starts on a cache line.

    Examples
    --------
    >>> table = aligned_zeros(3, 50)
    >>> table.shape, table.ctypes.data % 64
    ((3, 50), 0)
    """
    size = rows * vector_size * 4
    block = np.zeros(size + ALIGNMENT, np.uint8)
    start = -block.ctypes.data % ALIGNMENT
    return block[start : start + size].view(np.float32).reshape(rows, vector_size)


def new_table(rows: int, vector_size: int, seed: int, scale: float = 1.0) -> NDArray[np.float32]:
    """Return a table drawn evenly from ``±scale / (2 * vector_size)``.

    Parameters
    ----------
    rows, vector_size
        The table's shape.
    seed
        The same seed gives the same table, bit for bit.
    scale
        1 is word2vec's start. A bag classifier learns sooner from a larger one.

    Examples
    --------
    >>> float(abs(new_table(4, 10, seed=1)).max()) <= 0.05
    True
    """
    table = aligned_zeros(rows, vector_size)
    drawn = np.random.Generator(np.random.Philox(key=seed)).random((rows, vector_size), dtype=np.float32)
    np.multiply(drawn - np.float32(0.5), np.float32(scale / vector_size), out=table)
    return table
