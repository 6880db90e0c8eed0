"""Earlier states of training, kept for a strategy that may restore them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]


class Kept:
    """Labelled copies of live arrays, which at first all hold the values at construction.

    Parameters
    ----------
    live
        All arrays that training changes, by name.
    labels
        Labels of the states: ``"start"`` and ``"best"``, or none.

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
        """Copy the current values of the live arrays."""
        for name, array in self._live.items():
            self._states[label][name][...] = array

    def restore(self, label: str) -> None:
        """Copy a kept state back into the live arrays."""
        for name, array in self._live.items():
            array[...] = self._states[label][name]

    def arrays(self) -> Arrays:
        """Return the copies themselves by ``label/name``, to be saved or loaded in place."""
        return {f"{label}/{name}": array for label, state in self._states.items() for name, array in state.items()}
