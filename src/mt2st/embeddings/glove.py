"""GloVe on the shared table: vectors whose dot products approximate log co-occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mt2st.embeddings.kernels.glove import BIAS, BIAS_SQUARES, TAIL, glove_update
from mt2st.embeddings.table import aligned_zeros, whole_rows
from mt2st.errors import ConfigError, DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Floats in a cache line: rows of whole lines share none.
LINE = 16


class Advance(NamedTuple):
    """The result of a quantum of training.

    Attributes
    ----------
    cost
        The sum of the records' costs, each taken before its update.
    records
        Number of records in ``cost``.
    not_finite
        Number of records skipped because their cost was not finite.
    """

    cost: float
    records: int
    not_finite: int


class Glove:
    """Train word vectors in the shared table, with context vectors and biases kept here, on co-occurrence records.

    Parameters
    ----------
    table
        The shared table, float32, shape (words or more, vector_size or more), trained in place: made by `new_table`, or
        C-contiguous. Its first ``words`` rows are trained; columns from ``vector_size`` on must be zero and stay so.
    words, vector_size
        Size of the vocabulary and of a vector without its padding.
    x_max, alpha
        A record has weight ``min(1, (x / x_max) ** alpha)``; the defaults, 100 and 0.75, are Stanford's.
    seed
        Seed of the initial context vectors and biases, uniform within ``±0.5 / vector_size``.

    Raises
    ------
    ConfigError
        If the table is too small or not float32 in rows, or a setting is out of range.

    Notes
    -----
    J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", 2014. AdaGrad is
    that of Stanford's program: squared gradients start at 1 and include the learning rate, and gradients are clipped at
    100.

    Examples
    --------
    >>> from mt2st.embeddings import new_table
    >>> glove = Glove(new_table(3, 8, seed=1), words=3, vector_size=8)
    >>> rows, columns = np.array([0, 1], np.int32), np.array([1, 0], np.int32)
    >>> costs = [glove.advance(rows, columns, np.array([50, 50], np.float32)).cost for _ in range(200)]
    >>> round(costs[0], 1), costs[-1] < 0.1
    (9.2, True)
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        words: int,
        vector_size: int,
        *,
        x_max: float = 100.0,
        alpha: float = 0.75,
        seed: int = 0,
    ) -> None:
        table = check_table(table, words, vector_size)
        if not x_max > 0 or not alpha >= 0:
            raise ConfigError(f"x_max must be above 0 and alpha at least 0: {x_max} and {alpha} found")
        self.table, self.words, self.vector_size = table, words, vector_size
        self.x_max, self.alpha = x_max, alpha
        random = np.random.Generator(np.random.Philox(key=seed))
        width = table.shape[1]
        self.contexts = aligned_zeros(words, width)
        self.contexts[:, :vector_size] = small_values(random, (words, vector_size), vector_size)
        self.history, self.context_history = (new_history(words, width) for _ in range(2))
        for history in (self.history, self.context_history):
            history[:, width + BIAS] = small_values(random, (words,), vector_size)

    def advance(
        self,
        rows: NDArray[np.int32],
        columns: NDArray[np.int32],
        values: NDArray[np.float32],
        rate: float = 0.05,
        weight: float = 1.0,
    ) -> Advance:
        """Train on a quantum of records, in order.

        Several threads may do so at once, each on its own records, without locks (Hogwild).

        Parameters
        ----------
        rows, columns, values
            The records' i, j and x_ij, shape (records,) each; may be memory-mapped.
        rate
            Learning rate.
        weight
            The task's current weight; it scales the rate.

        Raises
        ------
        DataError
            If a row or column is not a word id, or the three differ in length.
        """
        if not len(rows) == len(columns) == len(values):
            raise DataError(
                f"records need as many rows as columns and values: {len(rows)}, {len(columns)}, {len(values)}"
            )
        if not len(rows) or rate * weight == 0:
            return Advance(0.0, 0, 0)
        least, most = min(rows.min(), columns.min()), max(rows.max(), columns.max())
        if least < 0 or most >= self.words:
            raise DataError(
                f"records must be of words 0 to {self.words - 1}, {least} to {most} found: count them again"
            )
        cost, bad = glove_update(
            self.table,
            self.contexts,
            self.history,
            self.context_history,
            np.asarray(rows),
            np.asarray(columns),
            np.asarray(values),
            np.float32(self.x_max),
            np.float32(self.alpha),
            np.float32(rate * weight),
        )
        return Advance(cost, len(rows) - bad, bad)

    def vectors(self) -> NDArray[np.float32]:
        """Return the sum of each word's two vectors, shape (words, vector_size): what Stanford's program saves."""
        size = self.vector_size
        summed: NDArray[np.float32] = self.table[: self.words, :size] + self.contexts[:, :size]
        return summed

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return views, without padding, of all that training changes besides the shared table, for a checkpoint.

        For words and contexts each: squared gradients, (words, vector_size), and biases with theirs, (words, 2).
        """
        size, bias = self.vector_size, self.table.shape[1] + BIAS
        found = {"contexts": self.contexts[:, :size]}
        for whose, history in (("", self.history), ("context_", self.context_history)):
            found[f"{whose}squares"] = history[:, :size]
            found[f"{whose}biases"] = history[:, bias : bias + TAIL]
        return found


def check_table(table: NDArray[np.float32], words: int, vector_size: int) -> NDArray[np.float32]:
    """Return the whole rows of a table; raise `ConfigError` if the kernel cannot train it."""
    if table.ndim == 2 and len(table) and not table.flags.c_contiguous:
        table = whole_rows(table)
    if table.dtype != np.float32 or table.ndim != 2:
        raise ConfigError(
            f"the table must be float32 in rows, {table.dtype} of shape {table.shape} found: use new_table"
        )
    if not 1 <= words <= len(table) or not 1 <= vector_size <= table.shape[1]:
        raise ConfigError(f"{words} words of {vector_size} numbers do not fit a table of shape {table.shape}")
    if table[:words, vector_size:].any():
        raise ConfigError(f"the table's columns from {vector_size} on are padding and must be zero")
    return table


def new_history(words: int, width: int) -> NDArray[np.float32]:
    """Return squared gradients of 1 for each row and its bias, a zero bias between, in whole cache lines."""
    history = aligned_zeros(words, -(-(width + TAIL) // LINE) * LINE)
    history[:, :width] = 1
    history[:, width + BIAS_SQUARES] = 1
    return history


def small_values(random: np.random.Generator, shape: tuple[int, ...], vector_size: int) -> NDArray[np.float32]:
    """Return numbers drawn uniformly from ``±0.5 / vector_size``."""
    drawn: NDArray[np.float32] = (random.random(shape, np.float32) - np.float32(0.5)) / np.float32(vector_size)
    return drawn
