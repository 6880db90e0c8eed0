"""Telling numbers from infinities and NaN in compiled code."""

from __future__ import annotations

import numpy as np

from mt2st.native import kernel


@kernel("boolean(float64)", inline="always")
def is_finite(value: float | np.float32) -> bool:
    """Return whether a number is neither infinite nor NaN.

    Numba's ``np.isfinite(x)`` asks whether ``x - x`` is a number; re-ordering sums, LLVM makes 0 of that.
    """
    return abs(float(value)) < np.inf
