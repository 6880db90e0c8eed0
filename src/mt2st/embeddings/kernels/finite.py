"""A check for infinities and NaN in compiled code."""

from __future__ import annotations

import numpy as np

from mt2st.native import kernel


@kernel("boolean(float64)", inline="always")
def is_finite(value: float | np.float32) -> bool:
    """Return whether a number is neither infinite nor NaN.

    Numba's ``np.isfinite(x)`` tests ``x - x``, which LLVM, allowed to reorder sums, simplifies to 0.
    """
    return abs(float(value)) < np.inf
