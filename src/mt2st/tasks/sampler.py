"""The examples that a task draws: shuffled passes, determined by (seed, task, pass), so that only a count is state."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError
from mt2st.tasks.buckets import bucketed


def stream_key(seed: int, name: str) -> int:
    """Return a 64-bit key for the random numbers of one task under one seed.

    Examples
    --------
    >>> stream_key(1, "film") != stream_key(1, "tweets") != stream_key(2, "tweets")
    True
    """
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "little")


class Sampler:
    """Cuts shuffled passes over ``size`` examples into the batches of a run.

    Parameters
    ----------
    size
        Examples in one pass.
    passes
        Passes over the examples in a run of ``steps`` steps in each of which the task takes part; may be fractional.
    steps
        Steps of the run.
    seed, name
        Determine the order.
    lengths, together
        Lengths of the examples, (size,), and the number of batches whose examples are sorted by length, see `bucketed`;
        1 for no sorting.

    Attributes
    ----------
    parts_before
        The number of parts of each batch that processes of lower ranks train; 0 with a single process.

    Examples
    --------
    >>> sampler = Sampler(size=4, passes=1.5, steps=4, seed=1, name="film")
    >>> [len(sampler.draw()) for _ in range(4)]
    [1, 2, 1, 2]
    """

    def __init__(
        self,
        size: int,
        passes: float,
        steps: int,
        seed: int,
        name: str,
        *,
        lengths: NDArray[np.int64] | None = None,
        together: int = 1,
    ) -> None:
        if size < 1 or passes <= 0 or steps < 1:
            raise ConfigError(
                f"{name}: a sampler needs size, passes and steps above 0, found {size}, {passes}, {steps}"
            )
        self.size, self.passes, self.steps = size, passes, steps
        self.key = stream_key(seed, name)
        self.lengths, self.together = lengths, together
        self.draws = self.parts_before = 0
        self._pass, self._order = -1, np.empty(0, np.int64)

    def examples_in(self, draw: int) -> int:
        """Return the number of examples of a draw; the first draw is number 0."""
        return self._drawn_by(draw + 1) - self._drawn_by(draw)

    def draw(self) -> NDArray[np.int64]:
        """Return the next batch as example numbers, shape (batch,); a batch may be empty."""
        start, stop = self._drawn_by(self.draws), self._drawn_by(self.draws + 1)
        self.draws += 1
        parts = []
        while start < stop:
            offset = start % self.size
            part = self._shuffled(start // self.size)[offset : offset + stop - start]
            parts.append(part)
            start += len(part)
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def draw_key(self, part: int = 0) -> int:
        """Return a 64-bit seed for the random numbers of one part of the batch drawn last."""
        # Hashed, as kernels count upwards from the key: sums of a key and a number would give overlapping streams.
        return stream_key(self.key, f"{self.draws}/{self.parts_before + part}")

    def _drawn_by(self, draws: int) -> int:
        # The small addition keeps a product that should be a whole number from being rounded down.
        return int(draws * self.size * self.passes / self.steps + 1e-9)

    def _shuffled(self, number: int) -> NDArray[np.int64]:
        if number != self._pass:
            generator = np.random.Generator(np.random.Philox(key=[self.key, number]))
            order = generator.permutation(self.size)
            if self.lengths is not None and self.together > 1:
                order = bucketed(order, self.lengths, self._cuts(number), self.together, generator)
            self._pass, self._order = number, order
        return self._order

    def _cuts(self, number: int) -> Iterator[int]:
        """Yield the indices within a pass at which batches end."""
        begin = number * self.size
        # The draw before the pass's first one, as rounding in `_drawn_by` may move that by one.
        draw = max(int(begin * self.steps / (self.size * self.passes)) - 1, 0)
        while (end := self._drawn_by(draw) - begin) < self.size:
            if end > 0:
                yield end
            draw += 1
