"""The shared part of the window tagger: rows of words, rows of surface features ("looks"), and one hidden layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mt2st.models.kernels.window_parts import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = Encoder._fields


@dataclass
class WindowEncoder:
    """``h_t = max(0, W [v_t-window, ..., v_t+window] + b)`` with v a word's row and the sum of those of its looks.

    It implements `mt2st.models.Shared` for the loop; tasks change it during their step.

    Attributes
    ----------
    parameters
        The parameters; their ``table`` is the shared one.
    """

    parameters: Encoder
    table: NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.table = self.parameters.table

    @classmethod
    def new(
        cls, table: NDArray[np.float32], *, window: int, looks: int, look_size: int, hidden_size: int, seed: int
    ) -> WindowEncoder:
        """Return an encoder on a table, with random initial values of the other parameters.

        Parameters
        ----------
        table
            (words + 1, vector_size): row 0 is for unknown words.
        window
            Words on either side.
        looks, look_size
            Buckets of surface features, and the size of their rows.
        hidden_size
            Units of the hidden layer.
        seed
            Seed of the initial values: weights uniform in ±sqrt(3 / n) with n the number of inputs, looks in ±0.1.

        Examples
        --------
        >>> table, sizes = np.zeros((5, 8), np.float32), {"looks": 9, "look_size": 2, "hidden_size": 4}
        >>> encoder = WindowEncoder.new(table, window=1, seed=1, **sizes)
        >>> encoder.parameters.weights.shape, encoder.window
        ((30, 4), 1)
        """
        draw = np.random.Generator(np.random.Philox(key=seed))
        seen = (2 * window + 1) * (table.shape[1] + look_size)
        rows = _even(draw, (looks, look_size), 0.1)
        weights = _even(draw, (seen, hidden_size), float(np.sqrt(3 / seen)))
        return cls(Encoder(np.ascontiguousarray(table), rows, weights, np.zeros((1, hidden_size), np.float32)))

    @property
    def window(self) -> int:
        """Return the number of words on either side."""
        table, looks, weights, _ = self.parameters
        return int(len(weights) // (table.shape[1] + looks.shape[1]) // 2)

    def begin_step(self, seed: int) -> None:
        """Do nothing: kernels take their seeds from their tasks."""

    def finish_step(self, rate: float) -> None:
        """Do nothing."""

    def settle(self) -> None:
        """Do nothing: no task trains a copy of rows."""

    def trace(self) -> list[NDArray[np.generic]]:
        """Return a digest of the hidden layer's bits, which every task changes."""
        bits = self.parameters.weights.view(np.uint32)
        return [np.bitwise_xor.reduce(bits, axis=0), bits.sum(axis=0, dtype=np.uint64)]

    def layer(self) -> NDArray[np.float32]:
        """Return the weights of the hidden layer, as one vector."""
        return self.parameters.weights.ravel().copy()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the live arrays of the parameters by name."""
        return dict(zip(NAMES, self.parameters, strict=True))


def _even(draw: np.random.Generator, shape: tuple[int, int], limit: float) -> NDArray[np.float32]:
    drawn = draw.random(shape, dtype=np.float32) - np.float32(0.5)
    return drawn * np.float32(2 * limit)
