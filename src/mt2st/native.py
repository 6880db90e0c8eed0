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


def kernel(
    signature: str, inline: Literal["always", "never"] = "never", *, inner: bool = False
) -> Callable[[Function], Function]:
    """Compile a function for one signature, at import, without the interpreter's lock and with a cache on disk.

    An ``inner`` function can be called from other kernels only, and compiles sooner. The wrapper for calls from C is
    left out of all: nothing here uses it, and it takes a tenth to a quarter of the time to compile.
    """

    def decorate(function: Function) -> Function:
        options: dict[str, Any] = {"no_cpython_wrapper": inner, "no_cfunc_wrapper": True}
        compiled: Any = numba.njit(
            signature, inline=inline, fastmath=FASTMATH, nogil=True, cache=True, error_model="numpy", **options
        )(function)
        return compiled

    return decorate
