"""Row-wise AdaGrad: a row's learning rate falls with its gradients so far.

With S the sum of the squared lengths of a row's gradients so far, its share of the learning rate is
``1 / sqrt(1 + S / SETTLE)``: rare rows take long steps to the end, frequent ones settle.

J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011,
with one sum for each row instead of each coordinate, which takes little memory and few cache lines.
"""

from __future__ import annotations

import numpy as np

from mt2st.native import Floats, kernel

# The sum at which a row's rate has fallen to 0.7 of its first.
SETTLE = 100


@kernel("float32(float32)", inline="always")
def share_of_rate(squares: np.float32) -> np.float32:
    """Return a row's share of the learning rate, from the sum of its gradients' squared lengths."""
    return np.float32(1) / np.sqrt(np.float32(1) + squares / np.float32(SETTLE))


@kernel("float32(float32[:, ::1], int64)", inner=True)
def squared_length(lines: Floats, line: int) -> np.float32:
    """Return the squared length of one of the rows."""
    total = np.float32(0)
    for column in range(lines.shape[1]):
        total += lines[line, column] * lines[line, column]
    return total
