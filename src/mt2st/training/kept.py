"""Earlier states of training, kept for a strategy that may want them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]


class Kept:
    """Copies of live arrays under labels, each at first of what the arrays hold when this is made.

    Parameters
    ----------
    live
        All that training changes, by name.
    labels
        What states there are: ``"start"`` and ``"best"``, or none.

    Examples
    --------
    >>> weights = np.zeros(2)
    >>> kept = Kept({"weights": weights}, ["start"])
    >>> weights += 1
    >>> kept.restore("start")
    >>> weights.tolist()
    [0.0, 0.0]
    """

    def __init__(self, live: Mapping[str, NDArray[np.generic]], labels: Iterable[str]) -> None:
        self._live = dict(live)
        self._states = {label: {name: array.copy() for name, array in live.items()} for label in labels}

    def keep(self, label: str) -> None:
        """Keep what the live arrays hold now."""
        for name, array in self._live.items():
            self._states[label][name][...] = array

    def restore(self, label: str) -> None:
        """Put what was kept into the live arrays."""
        for name, array in self._live.items():
            array[...] = self._states[label][name]

    def arrays(self) -> Arrays:
        """Return all copies by label and name, live, to be saved or filled in."""
        return {f"{label}/{name}": array for label, state in self._states.items() for name, array in state.items()}
