"""The shared embedding table: one float32 array that every engine trains in place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from mt2st.embeddings.lanes import LANES
from mt2st.errors import ConfigError

# Bytes of a cache line, and of the widest vector registers.
ALIGNMENT = 64
# Rows of random numbers that are held beside the table.
DRAWN_AT_ONCE = 4096


def aligned_zeros(*shape: int, kind: type[np.generic] = np.float32) -> NDArray[Any]:
    """Return zeros that start on a cache line and share no line with other data.

    Threads that write to the same line, even to different parts of it, wait for each other.

    Examples
    --------
    >>> table = aligned_zeros(3, 50)
    >>> table.shape, table.ctypes.data % 64
    ((3, 50), 0)
    """
    size = math.prod(shape) * np.dtype(kind).itemsize
    block = np.zeros(size + 2 * ALIGNMENT, np.uint8)
    start = -block.ctypes.data % ALIGNMENT
    return block[start : start + size].view(kind).reshape(shape)


def padded(vector_size: int) -> int:
    """Return the number of floats of a row in memory, rounded up to whole vector registers of this processor."""
    return -(-vector_size // LANES) * LANES


def zero_table(rows: int, vector_size: int) -> NDArray[np.float32]:
    """Return a zero table of shape (rows, vector_size) whose rows are `padded` floats apart.

    Examples
    --------
    >>> table = zero_table(3, 50)
    >>> table.shape, table.strides[0] % 32, whole_rows(table).shape[1] == padded(50)
    ((3, 50), 0, True)
    """
    return aligned_zeros(rows, padded(vector_size))[:, :vector_size]


def new_table(rows: int, vector_size: int, seed: int, scale: float = 1.0) -> NDArray[np.float32]:
    """Return a table drawn uniformly from ``±scale / (2 * vector_size)``.

    Parameters
    ----------
    rows, vector_size
        The table's shape; in memory its rows are `padded` floats apart.
    seed
        The same seed gives the same table, bit for bit.
    scale
        1 is word2vec's initialisation. A bag classifier learns faster from a larger one.

    Examples
    --------
    >>> float(abs(new_table(4, 10, seed=1)).max()) <= 0.05
    True
    """
    table, chance = zero_table(rows, vector_size), np.random.Generator(np.random.Philox(key=seed))
    for start in range(0, rows, DRAWN_AT_ONCE):
        part = table[start : start + DRAWN_AT_ONCE]
        drawn = chance.random(part.shape, dtype=np.float32)
        drawn -= np.float32(0.5)
        np.multiply(drawn, np.float32(scale / vector_size), out=part)
    return table


def whole_rows(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a view of the table with the zero padding of its rows, shape (rows, padded width), C-contiguous.

    Raises
    ------
    ConfigError
        If the table's rows are not padded to whole vector registers, or the padding is not zero.

    Examples
    --------
    >>> table = new_table(3, 5, seed=1)
    >>> bool(np.shares_memory(whole_rows(table), table)), float(whole_rows(table)[:, 5:].max())
    (True, 0.0)
    """
    rows, size = table.shape
    step = table.strides[0] if rows > 1 else 4 * padded(size)
    if table.dtype != np.float32 or (size > 1 and table.strides[1] != 4) or step % (4 * LANES) or step < 4 * size:
        raise ConfigError(f"a table of shape {table.shape} and strides {table.strides}: make it with new_table")
    block = table
    while isinstance(block.base, np.ndarray):
        block = block.base
    if table.ctypes.data + rows * step > byte_bounds(block)[1]:
        raise ConfigError(f"a table of shape {table.shape} whose last row is not filled up: make it with new_table")
    whole = as_strided(table, (rows, step // 4), (step, 4))
    if whole[:, size:].any():
        raise ConfigError("a table that is part of a wider array: copy it into one made with new_table")
    return whole
