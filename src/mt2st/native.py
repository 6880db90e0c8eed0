"""How functions are compiled with Numba: for one signature, for the processor they run on, with a cache on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]

# Sums may be re-ordered, so that they vectorise, but infinities and NaN are kept: the kernels look for them.
FASTMATH = {"contract", "reassoc", "nsz", "arcp"}


def kernel(signature: str, inline: Literal["always", "never"] = "never") -> Callable[[Function], Function]:
    """Compile a function for one signature, at import, without the interpreter's lock and with a cache on disk."""

    def decorate(function: Function) -> Function:
        compiled: Any = numba.njit(
            signature, inline=inline, fastmath=FASTMATH, nogil=True, cache=True, error_model="numpy"
        )(function)
        return compiled

    return decorate


@kernel("boolean(float64)", inline="always")
def is_finite(value: float | np.float32) -> bool:
    """Return whether a number is neither infinite nor NaN.

    Numba's ``np.isfinite(x)`` asks whether ``x - x`` is a number; re-ordering sums, LLVM makes 0 of that.
    """
    return abs(float(value)) < np.inf
