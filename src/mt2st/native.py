"""How functions are compiled with Numba: for one signature, for the processor they run on, with a cache on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

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
    signature: Any, inline: Literal["always", "never"] = "never", *, inner: bool = False, exact: bool = False
) -> Callable[[Function], Function]:
    """Compile a function for one signature, at import, without the interpreter's lock and with a cache on disk.

    The signature is in words or in Numba's types. A wrapper for calls from C is left out: nothing uses it, and it takes
    a tenth of the time to compile or more.

    An ``inner`` function can be called from other kernels only, and compiles sooner. One that is always inlined is
    compiled with each of its callers; by itself, with types as they come, only where it is called from Python.

    In an ``exact`` one no sum is re-ordered, of what an intrinsic writes neither: it rounds as it is written.
    """

    def decorate(function: Function) -> Function:
        fastmath: Any = False if exact else FASTMATH
        options: dict[str, Any] = {"fastmath": fastmath, "nogil": True, "cache": True, "error_model": "numpy"}
        if inline == "always":
            compiled: Any = numba.njit(inline=inline, **options)(function)
        else:
            options |= {"no_cpython_wrapper": inner, "no_cfunc_wrapper": True}
            compiled = numba.njit(signature, **options)(function)
        return cast(Function, compiled)

    return decorate


def read_only(kind: Any, axes: int = 1) -> Any:
    """Return the type of an array that is not written to: of any in C order, mapped from a file or not.

    joblib hands large arrays to its workers as such maps.
    """
    return numba.types.Array(kind, axes, "C", readonly=True)
