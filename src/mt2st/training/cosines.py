"""The cosine between each auxiliary's gradient and the primary's, from the steps that the loop takes anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.training.mean_cosines import MeanCosines
from mt2st.training.ranks import ALONE

if TYPE_CHECKING:
    from mt2st.models import Shared
    from mt2st.training.ledger import Ledger


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return the cosine of two vectors, NaN if one is zero.

    Examples
    --------
    >>> round(cosine(np.array([1.0, 0.0]), np.array([1.0, 1.0])), 4), cosine(np.zeros(2), np.ones(2))
    (0.7071, nan)
    """
    lengths = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(a @ b) / lengths if lengths > 0.0 else float("nan")


class Cosines:
    """Compares how each task's part of a step changes one shared layer with how the primary's changes it.

    A native task moves the layer by minus its gradient times a rate; a differentiable one adds its gradient to the
    pending one. Either way the difference is a multiple of the gradient, and costs no backward pass.

    Parameters
    ----------
    shared
        The shared parameters, whose `layer` is compared.
    primary
        The primary's name; in a step it must come first.
    ledger
        Records the time that comparing takes.
    add_up
        Sums the changes over ranks, each of which has a part of the batch.

    Attributes
    ----------
    means
        The mean of each auxiliary's cosines since the means were last taken.
    """

    def __init__(
        self,
        shared: Shared,
        primary: str,
        ledger: Ledger,
        add_up: Callable[[NDArray[np.float32]], NDArray[np.float32]] = ALONE.add_up,
    ) -> None:
        self.shared, self.primary, self.ledger, self.add_up = shared, primary, ledger, add_up
        self._reference: NDArray[np.float32] | None = None
        self.means = MeanCosines()

    @contextmanager
    def comparing(self, task: str) -> Iterator[None]:
        """Compare the layer before and after a task's part of a step."""
        with self.ledger.comparison():
            before = self.shared.layer()
        yield
        with self.ledger.comparison():
            moved = self.add_up(self.shared.layer() - before)
            if task == self.primary:
                self._reference = moved
            elif self._reference is not None:
                self.means.add(task, cosine(moved, self._reference))
