"""A task without data: stands for a language model whose texts have no known word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks.sampler import Sampler
from mt2st.tasks.task import Outcome


@dataclass
class NothingToLearn:
    """Is scheduled like any other task and does nothing, so that the run and its other tasks are unaffected.

    Parameters
    ----------
    name
        The task's name.
    sampler
        Draws batches that are not used.

    Examples
    --------
    >>> task = NothingToLearn("language", Sampler(4, 1, 1, seed=1, name="language"))
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).terms
    0
    """

    name: str
    sampler: Sampler

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:  # noqa: ARG002
        """Return the outcome of an empty batch."""
        return Outcome(0.0, 0, 0, 0)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return no parameters."""
        return {}
