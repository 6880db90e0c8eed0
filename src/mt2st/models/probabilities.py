"""Probabilities from a linear model's scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``1 / (1 + exp(-values))`` without overflow.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, np.log(3)])).round(3)
    array([0.  , 0.5 , 0.75])
    """
    return np.asarray(np.exp(np.minimum(values, 0)) / (1 + np.exp(-np.abs(values))))


def probabilities(scores: NDArray[np.float64], temperature: float, *, several: bool = False) -> NDArray[np.float64]:
    """Return probabilities of shape (rows, classes) from scores of shape (rows, outputs).

    The softmax of ``scores / temperature``; for one output, which is that of the second of two classes, the sigmoid;
    with ``several`` labels, the sigmoid of each output.

    Examples
    --------
    >>> probabilities(np.array([[0.0], [np.log(3)]]), 1.0).round(3)
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    cooled = scores / temperature
    if several:
        return sigmoid(cooled)
    if cooled.shape[1] == 1:
        second = sigmoid(cooled)
        return np.concatenate([1 - second, second], 1)
    powers = np.exp(cooled - cooled.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))
