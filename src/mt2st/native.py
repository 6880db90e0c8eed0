"""How functions are compiled with Numba: for one signature, for the processor they run on, with a cache on disk.

Their code may have come with the package: see `mt2st.prebuilt`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from mt2st import prebuilt

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
            return cast(Function, numba.njit(inline=inline, **options)(function))
        options |= {"no_cpython_wrapper": inner, "no_cfunc_wrapper": True}
        code = _code_that_came(function)
        if code is None:
            return cast(Function, numba.njit(signature, **options)(function))
        return cast(Function, _with_code(numba.njit(**options | {"cache": False})(function), code))

    return decorate


def _code_that_came(function: Function) -> bytes | None:
    config: Any = numba.config
    if config.CPU_NAME or config.CPU_FEATURES or config.DISABLE_JIT or config.BOUNDSCHECK or config.DEBUGINFO_DEFAULT:
        return None
    return prebuilt.kernel_code(function, numba.__version__)


def _with_code(compiled: Any, code: bytes) -> Any:
    """Give a function its machine code with the private calls that Numba's own cache uses."""
    from numba.core.compiler import CompileResult
    from numba.core.compiler_lock import global_compiler_lock

    context = compiled.targetctx
    with global_compiler_lock:
        context.refresh()
        result: Any = cast(Any, CompileResult)._rebuild(context, *pickle.loads(code))
        context.insert_user_function(result.entry_point, result.fndesc, [result.library])
        compiled.add_overload(result)
        compiled.disable_compile()
    return compiled


def read_only(kind: Any, axes: int = 1) -> Any:
    """Return the type of an array in C order that the kernel does not write to; it may be mapped from a file.

    joblib hands large arrays to its workers as such maps.
    """
    return numba.types.Array(kind, axes, "C", readonly=True)
